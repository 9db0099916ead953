using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Controller;
using Reference.Broker.Handlers.Sessions;
using Reference.Broker.Lifecycle;
using Reference.Broker.Metadata;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Rpc;
using Reference.StateMachines;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>
/// A broker: puts its parts together, starts and stops them in Kafka 2.5's order. After a crash a new instance on the same disk
/// takes its place.
/// </summary>
public sealed partial class BrokerServer
{
    /// <summary>Name of the one listener.</summary>
    public const string ListenerName = "PLAINTEXT";

    private readonly Node _node;
    private readonly BrokerConfig _config;
    private readonly BrokerDecisions _decisions;
    private readonly ILogger _log;
    private readonly StateMachine<BrokerState, BrokerTrigger> _lifecycle = BrokerLifecycle.Create();
    private readonly LoopPromise<Nothing> _stopped = new();
    private readonly RequestGate _gate = new();
    private LoopPromise<Nothing> _started = new();
    private BrokerIdentity _identity = new(-1, string.Empty);
    private CoordinationSession? _session;
    private KafkaZnodes? _znodes;
    private LogManager? _logs;
    private RpcServer? _server;
    private ReplicaManager? _replicas;
    private KafkaController? _controller;
    private ConfigChangeListener? _configChanges;
    private BrokerHaltedException? _halted;

    /// <summary>A broker not yet started.</summary>
    public BrokerServer(Node node, BrokerConfig config, BrokerDecisions? decisions = null)
    {
        _node = node;
        _config = config;
        _decisions = decisions ?? BrokerDecisions.Kafka;
        _log = node.Logs.CreateLogger<BrokerServer>();
    }

    /// <summary>Where it stands.</summary>
    public BrokerState State => _lifecycle.State;

    /// <summary>Broker id; -1 until known.</summary>
    public int BrokerId => _identity.BrokerId;

    /// <summary>Id of the cluster; empty until known.</summary>
    public string ClusterId => _identity.ClusterId;

    /// <summary>Where clients are told to connect.</summary>
    /// <exception cref="InvalidOperationException">The port is not bound yet.</exception>
    public Endpoint Advertised => _config.Advertised(Bound);

    /// <summary>The address and port really bound.</summary>
    /// <exception cref="InvalidOperationException">The port is not bound yet.</exception>
    public Endpoint Bound => _server?.Local ?? throw new InvalidOperationException("The broker has not bound its port yet.");

    /// <summary>Ends when the broker has stopped; fails with <see cref="BrokerHaltedException"/> if it had to give up. The process ends then.</summary>
    public LoopTask Stopped => _stopped.Task.AsVoid();

    /// <summary>The replicas by partition, for inspection; empty before the start.</summary>
    public IReadOnlyDictionary<TopicPartition, Partition> Partitions => _replicas?.Partitions ?? new SortedDictionary<TopicPartition, Partition>();

    /// <summary>The fetch sessions, for inspection; null before the start.</summary>
    public FetchSessionCache? FetchSessions { get; private set; }

    /// <summary>The bounds on throttled replication, for inspection; null before the start.</summary>
    public (ReplicationQuota Leader, ReplicationQuota Follower)? ReplicationQuotas { get; private set; }

    /// <summary>What the controller last said about the cluster, for inspection.</summary>
    public MetadataCache Metadata { get; } = new(ListenerName);

    /// <summary>This broker's part in the controller's election, for inspection; null before the start.</summary>
    public KafkaController? Controller => _controller;

    /// <summary>True while this broker believes that it is the controller.</summary>
    public bool IsController => _controller is { IsController: true };

    /// <summary>The leader and leader epoch of a partition in the metadata cache; null if it is not there.</summary>
    public (int Leader, int Epoch)? KnownLeader(TopicPartition partition) =>
        Metadata.Find(partition) is { } state ? (state.Leader, state.LeaderEpoch) : null;

    /// <summary>True while it has logs that are not closed in order, for inspection.</summary>
    public bool HasOpenLogs => _logs is { HasOpenLogs: true };

    /// <summary>The log directories of which that is true, for inspection.</summary>
    public IReadOnlyList<string> DirectoriesWithOpenLogs => _logs?.DirectoriesWithOpenLogs ?? [];

    /// <summary>The log directories whose disk has failed, for inspection.</summary>
    public IReadOnlyList<string> OfflineDirectories => [.. _logs?.Directories.Where(d => !d.IsOnline).Select(d => d.Path) ?? []];

    /// <summary>A partition's log, for inspection; null if there is none here.</summary>
    public PartitionLog? Log(TopicPartition partition) => _logs?.Get(partition);

    /// <summary>
    /// Starts; ends when requests are served. A second call while starting or running waits for the same start.
    /// </summary>
    /// <exception cref="InvalidOperationException">The broker is stopping, or has been stopped.</exception>
    /// <exception cref="CoordinationException">No coordination server in time.</exception>
    /// <exception cref="NetworkException">The port is taken.</exception>
    /// <exception cref="StorageException">The log directory cannot be used.</exception>
    /// <exception cref="LogDirInUseException">Another broker uses the log directory.</exception>
    /// <exception cref="InconsistentBrokerIdException">The log directory belongs to another broker.</exception>
    /// <exception cref="InconsistentClusterIdException">The log directory belongs to another cluster.</exception>
    /// <exception cref="BrokerIdTakenException">Another live broker has this id.</exception>
    /// <exception cref="BrokerHaltedException">The log directory failed meanwhile.</exception>
    public async LoopTask Start()
    {
        switch (State)
        {
            case BrokerState.PendingControlledShutdown or BrokerState.BrokerShuttingDown:
                throw new InvalidOperationException("The broker is stopping and cannot be started.");
            case BrokerState.NotRunning when _stopped.IsCompleted:
                throw new InvalidOperationException("The broker has been stopped; make another one.");
            case BrokerState.NotRunning:
                break;
            default:
                await _started.Task;
                return;
        }

        _lifecycle.Fire(BrokerTrigger.Start);
        try
        {
            await StartParts();
        }
        catch (Exception e)
        {
            var reason = _halted ?? e;
            _log.LogError("The start failed: {Reason}", reason.Message);
            _lifecycle.Fire(BrokerTrigger.ShutDown);
            await CloseParts();
            _lifecycle.Fire(BrokerTrigger.End);
            _started.TrySetException(reason);
            if (_halted is null) _stopped.TrySetResult(default);
            else _stopped.TrySetException(_halted);
            if (reason != e) throw reason;
            throw;
        }

        _lifecycle.Fire(BrokerTrigger.Serve);
        _started.TrySetResult(default);
        _log.LogInformation("Broker {Id} serves {Endpoint}", BrokerId, Advertised);
    }

    /// <summary>Stops in order: leaders are moved away, connections, replicas and logs closed. Nothing happens if it does not run.</summary>
    /// <exception cref="InvalidOperationException">It is still starting.</exception>
    public async LoopTask Stop()
    {
        switch (State)
        {
            case BrokerState.NotRunning:
                return;
            case BrokerState.Starting or BrokerState.RecoveringFromUncleanShutdown:
                throw new InvalidOperationException("The broker is still starting and cannot be stopped.");
            case BrokerState.PendingControlledShutdown or BrokerState.BrokerShuttingDown:
                await Stopped;
                return;
        }

        if (_config.ControlledShutdown)
        {
            _lifecycle.Fire(BrokerTrigger.RequestControlledShutdown);
            var shutdown = new ControlledShutdown(_node, _config, _znodes!, BrokerId, () => _controller!.BrokerEpoch, _log);
            if (!await shutdown.Run()) _log.LogWarning("Stopping though the controller did not move all leaders away");
        }

        if (!_lifecycle.CanFire(BrokerTrigger.ShutDown))
        {
            await Stopped; // the log directory failed meanwhile, and that stop is under way
            return;
        }

        await ShutDown();
        _stopped.TrySetResult(default);
    }

    private async LoopTask ShutDown()
    {
        _lifecycle.Fire(BrokerTrigger.ShutDown);
        await CloseParts();
        _lifecycle.Fire(BrokerTrigger.End);
    }
}
