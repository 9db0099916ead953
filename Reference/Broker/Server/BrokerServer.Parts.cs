using System;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Controller;
using Reference.Broker.Handlers;
using Reference.Broker.Handlers.Sessions;
using Reference.Broker.Lifecycle;
using Reference.Broker.Purgatory;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Rpc;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <content>The parts, in the order of their start and stop.</content>
public sealed partial class BrokerServer
{
    private static readonly TimeSpan s_stopGrace = TimeSpan.FromSeconds(5);

    private async LoopTask StartParts()
    {
        await Connect();
        var configs = new TopicConfigs(_config, _znodes!, _log);
        await configs.Load();
        _logs = new LogManager(_node, _config.AllLogDirs, configs.LogConfigOf, LogOptions(), _decisions.Log);
        _identity = await BrokerIdentity.Establish(_config, _znodes!, _logs);
        await LoadLogs(_logs);
        configs.KeepOnly(_logs.Logs.Select(log => log.Partition.Topic));
        _server = new RpcServer(
            _node,
            new RpcServerOptions(_config.Listener)
            {
                MaxFrameBytes = _config.SocketRequestMaxBytes,
                MaxConnections = _config.MaxConnections,
                MaxIdle = _config.ConnectionsMaxIdleMs < 0 ? null : Millis(_config.ConnectionsMaxIdleMs),
            },
            connection => new ClientConnection(connection, _gate));
        await _server.Start(); // clients may connect, but wait until the gate opens
        var replication = BuildReplication(configs);
        var rates = new ThrottledRates(_config, BrokerId, _znodes!, replication, _log);
        await rates.Read();
        ReplicationQuotas = (replication.LeaderQuota, replication.FollowerQuota);
        var services = BuildServices(configs, replication);
        _logs.Start();
        _replicas!.Start();
        var brokerEpoch = await _znodes!.RegisterBroker(Registration(), _session!.Client.SessionTimeout * 2);
        if (_halted is not null) throw _halted;
        _controller!.Start(brokerEpoch);
        _configChanges = new ConfigChangeListener(_node, BrokerId, _znodes, topic => TopicConfigChanged(configs, topic), () => BrokerOptionsChanged(rates), () => _logs.Topics, _log);
        _configChanges.Start();
        _gate.Open(new RequestHandlers(services));
    }

    private async LoopTask Connect()
    {
        var timeout = TimeSpan.FromMilliseconds(_config.ZookeeperSessionTimeoutMs);
        var options = new CoordinationClientOptions(_config.ZookeeperConnect)
        {
            SessionTimeout = timeout,
            StartTimeout = _config.ZookeeperConnectionTimeoutMs is > 0 and var given ? TimeSpan.FromMilliseconds(given) : timeout,
        };
        _session = new CoordinationSession(_node, options);
        await _session.Start();
        _znodes = new KafkaZnodes(_node, _session, _decisions.Znodes);
        await _znodes.EnsurePersistentPaths();
    }

    private async LoopTask LoadLogs(LogManager logs)
    {
        if (await logs.NeedsRecovery()) _lifecycle.Fire(BrokerTrigger.FindUncleanShutdown);
        await logs.Load();
    }

    private ReplicationContext BuildReplication(TopicConfigs configs)
    {
        var context = new ReplicationContext(_node, BrokerId, _config, _decisions, new ZnodeIsrStore(_znodes!))
        {
            IsAlive = id => Metadata.EndpointOf(id) is not null,
            BrokerEpoch = () => _controller?.BrokerEpoch ?? -1,
            RackOf = id => Metadata.Brokers.TryGetValue(id, out var broker) ? broker.Rack : null,
        };
        _replicas = new ReplicaManager(context, _logs!, configs.Read, id => Metadata.Find(id) is not null, Metadata.EndpointOf)
        {
            DirectoryFailed = (directory, _) => _node.Spawn(TellDirectoryFailure(directory)),
            AllDirectoriesFailed = directory => _node.Spawn(Halt(directory)),
            TopicGone = configs.Forget,
            TopicsInStore = () => _znodes!.Topics(),
        };
        return context;
    }

    private BrokerServices BuildServices(TopicConfigs configs, ReplicationContext replication)
    {
        _controller = new KafkaController(_node, Registration(), _znodes!, ControllerOptions(), _decisions.Controller);
        return new BrokerServices
        {
            Node = _node,
            BrokerId = BrokerId,
            ClusterId = ClusterId,
            Config = _config,
            Decisions = _decisions,
            Replication = replication,
            Replicas = _replicas!,
            FetchSessions = FetchSessions = new FetchSessionCache(_node, _config.MaxIncrementalFetchSessionCacheSlots),
            Metadata = Metadata,
            TopicChanges = new Purgatory<string>(_node, _decisions.TriesOnceWatched),
            Znodes = _znodes!,
            TopicCreator = new TopicCreator(_node, _znodes!, _config.NumPartitions, _config.DefaultReplicationFactor, configs.Problem),
            ProducerIds = new ProducerIds(_znodes!, BrokerId),
            Controller = _controller,
        };
    }

    private BrokerZnode Registration() => new(
        BrokerId,
        [new BrokerEndpoint(ListenerName, Advertised.Host, Advertised.Port)],
        _node.Clock.WallMillis,
        _config.Rack);

    private ControllerConfig ControllerOptions() => new()
    {
        InterBrokerListener = ListenerName,
        UncleanLeaderElection = _config.UncleanLeaderElection,
        AutoLeaderRebalance = _config.AutoLeaderRebalance,
        LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(_config.LeaderImbalanceCheckIntervalSeconds),
        LeaderImbalancePerBrokerPercentage = _config.LeaderImbalancePerBrokerPercentage,
        DeleteTopics = _config.DeleteTopics,
        RequestTimeout = TimeSpan.FromMilliseconds(_config.ControllerSocketTimeoutMs),
    };

    private LogManagerOptions LogOptions() => new()
    {
        RetentionCheckInterval = Millis(_config.LogRetentionCheckIntervalMs),
        FlushCheckInterval = Millis(_config.LogFlushSchedulerIntervalMs),
        RecoveryPointCheckpointInterval = Millis(_config.LogFlushOffsetCheckpointIntervalMs),
        Cleaner = _config.LogCleaner,
        LogStartCheckpointInterval = Millis(_config.LogFlushStartOffsetCheckpointIntervalMs),
        HighWatermarkCheckpointInterval = Millis(_config.HighWatermarkCheckpointIntervalMs),
    };

    /// <summary>"Never" is written as the greatest number; a timer takes a year for it.</summary>
    private static TimeSpan Millis(long millis) => TimeSpan.FromMilliseconds(Math.Min(millis, 365L * 24 * 3600 * 1000));

    /// <summary>Closes what was started, in Kafka's order: no more requests, then replicas, logs, controller, and the session last.</summary>
    private async LoopTask CloseParts()
    {
        var connections = _server?.Stop(s_stopGrace) ?? LoopTask.Completed;
        if (_replicas is not null) await _replicas.Stop(); // wakes the requests that wait, so that connections can end
        await connections;
        if (_logs is not null && _replicas is not null) await _logs.Shutdown();
        _logs?.Unlock();
        _configChanges?.Stop();
        _controller?.Stop();
        if (_session is not null) await _session.Close();
    }

    private async LoopTask TopicConfigChanged(TopicConfigs configs, string topic)
    {
        if (_replicas!.Holds(topic)) _replicas.Reconfigure(topic, await configs.Read(topic));
        _controller!.TopicConfigChanged(topic);
    }

    private async LoopTask BrokerOptionsChanged(ThrottledRates rates)
    {
        await rates.Read();
        _controller!.BrokerOptionsChanged();
    }

    /// <summary>Tells the controller that a directory has failed, so that it asks which replicas are gone; with the last one the broker goes itself.</summary>
    private async LoopTask TellDirectoryFailure(LogDirectory directory)
    {
        if (_logs!.AllOffline) return;
        while (true)
        {
            try
            {
                await _znodes!.PropagateLogDirEvent(BrokerId);
                return;
            }
            catch (CoordinationException e)
            {
                if (_stopped.IsCompleted || State == BrokerState.BrokerShuttingDown) return;
                _log.LogError("The failure of {Directory} is told again: {Reason}", directory.Path, e.Message);
            }

            await _node.Clock.Delay(CoordinationSession.RetryPause);
        }
    }

    /// <summary>Without a log directory a broker is nothing: it goes, so that others take over its leaders.</summary>
    private async LoopTask Halt(LogDirectory directory)
    {
        if (_halted is not null || _stopped.IsCompleted) return;
        _halted = new BrokerHaltedException($"Broker {BrokerId} halts because all its log directories have failed. {directory.Failure?.Message}", directory.Failure);
        if (State is BrokerState.Starting or BrokerState.RecoveringFromUncleanShutdown)
        {
            // The start ends by itself with this reason. It may wait for the store, but not once the session is closed.
            await _session!.Close();
            return;
        }

        if (!_lifecycle.CanFire(BrokerTrigger.ShutDown)) return; // a stop is under way
        await ShutDown();
        _stopped.TrySetException(_halted);
    }
}
