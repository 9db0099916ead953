using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Reference.Broker.Configuration;
using Reference.Broker.Server;
using Simulator.Host;
using Simulator.Platform;

namespace Reference.Hosting;

/// <summary>
/// A broker over sockets, on a loop thread of its own, with an embedded coordination store beside it unless told to use another.
/// <code>await using var broker = await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions("data"));</code>
/// </summary>
public sealed class KafkaBrokerHost : IAsyncDisposable
{
    private static readonly TimeSpan s_embeddedTick = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_announcement = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);
    private readonly HostNode _node;
    private readonly BrokerServer _broker;
    private readonly CoordinationHost? _coordination;
    private int _stopped;

    private KafkaBrokerHost(HostNode node, BrokerServer broker, CoordinationHost? coordination)
    {
        _node = node;
        _broker = broker;
        _coordination = coordination;
        ListensOn = broker.Bound.ToString();
        BootstrapServers = broker.Advertised.ToString();
        BrokerId = broker.BrokerId;
        ClusterId = broker.ClusterId;
        Failure = FirstFailure();
    }

    /// <summary>Its broker id.</summary>
    public int BrokerId { get; }

    /// <summary>The id of its cluster.</summary>
    public string ClusterId { get; }

    /// <summary>Host and port really bound.</summary>
    public string ListensOn { get; }

    /// <summary>What clients take as <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Ends with the reason if the broker cannot go on: its disk has failed, or a bug. Stop it then.</summary>
    public Task<Exception> Failure { get; }

    /// <summary>Starts; ends when requests are served.</summary>
    /// <remarks>An unknown option or a wrong value is a ConfigException.</remarks>
    /// <exception cref="NetworkException">The port is taken.</exception>
    /// <exception cref="DiskException">The data directory cannot be used.</exception>
    public static async Task<KafkaBrokerHost> StartAsync(KafkaBrokerHostOptions options)
    {
        var configuration = Complete(options);
        var config = BrokerConfig.Parse(configuration); // before anything is started: a wrong option leaves no trace
        CoordinationHost? coordination = null;
        HostNode? node = null;
        try
        {
            if (!configuration.ContainsKey("zookeeper.connect"))
            {
                coordination = await StartCoordination(options);
                config = config with { ZookeeperConnect = coordination.ConnectString };
            }

            node = new HostNode(options.Name, options.DataDirectory, options.Logs);
            var serving = node.InvokeAsync(n => Serve(n, config));
            if (coordination is not null && await Task.WhenAny(serving, coordination.Failure) == coordination.Failure)
                ExceptionDispatchInfo.Throw(await coordination.Failure); // else the broker would wait for a store that is no more
            return new KafkaBrokerHost(node, await serving, coordination);
        }
        catch
        {
            if (node is not null) await node.StopAsync();
            if (coordination is not null) await coordination.StopAsync();
            throw;
        }
    }

    /// <summary>Stops in order: leaders are moved away, logs flushed and closed.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        try
        {
            await _node.RunAsync(_ => _broker.Stop());
        }
        finally
        {
            await EndNode(); // whatever became of the broker, its thread and ports must not stay
        }
    }

    /// <summary>
    /// Ends at once and says goodbye to nobody, like a killed process: connections break, what was under way is abandoned, and the
    /// broker's session expires in its own time. What was written is in the files.
    /// </summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0) await EndNode();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Ends with true when the condition holds, or with false after a time; asked on the broker's loop.</summary>
    internal Task<bool> HoldsWithin(TimeSpan timeout, Func<BrokerServer, bool> condition) => _node.InvokeAsync(async node =>
    {
        var end = node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds;
        while (!condition(_broker))
        {
            if (node.Clock.MonotonicMicros >= end) return false;
            await node.Clock.Delay(s_look);
        }

        return true;
    });

    private async Task EndNode()
    {
        try
        {
            await _node.StopAsync();
        }
        finally
        {
            if (_coordination is not null) await _coordination.StopAsync();
        }
    }

    private static SortedDictionary<string, string> Complete(KafkaBrokerHostOptions options)
    {
        var configuration = new SortedDictionary<string, string>(new Dictionary<string, string>(options.Configuration), StringComparer.Ordinal);
        configuration.TryAdd("listeners", "PLAINTEXT://127.0.0.1:0");
        if (!configuration.ContainsKey("log.dir")) configuration.TryAdd("log.dirs", Path.Combine(Path.GetFullPath(options.DataDirectory), "logs"));

        // One broker alone has nobody to hand its leaders to.
        if (!configuration.ContainsKey("zookeeper.connect")) configuration.TryAdd("controlled.shutdown.enable", "false");
        return configuration;
    }

    private static Task<CoordinationHost> StartCoordination(KafkaBrokerHostOptions options) =>
        CoordinationHost.StartAsync(new CoordinationHostOptions(Path.Combine(options.DataDirectory, "coordination"))
        {
            Tick = s_embeddedTick,
            EndSessionsAtStart = true,
            Logs = options.Logs,
        });

    private static async LoopTask<BrokerServer> Serve(Node node, BrokerConfig config)
    {
        var broker = new BrokerServer(node, config);
        await broker.Start();
        await Announced(node, broker);
        return broker;
    }

    /// <summary>
    /// Waits until the controller has told the broker of the cluster, so that its first answers are not "unknown topic"; where no
    /// controller comes in time the broker serves without.
    /// </summary>
    private static async LoopTask Announced(Node node, BrokerServer broker)
    {
        var end = node.Clock.MonotonicMicros + (long)s_announcement.TotalMicroseconds;
        while (!IsAnnounced(broker) && node.Clock.MonotonicMicros < end) await node.Clock.Delay(s_look);
    }

    private static bool IsAnnounced(BrokerServer broker)
    {
        if (broker.Metadata.EndpointOf(broker.BrokerId) is null) return false;
        foreach (var partition in broker.Controller?.Leadership.Keys ?? [])
        {
            if (broker.KnownLeader(partition) is null) return false;
        }

        return true;
    }

    private async Task<Exception> FirstFailure()
    {
        List<Task<Exception>> failures = [_node.Failure, Halted()];
        if (_coordination is not null) failures.Add(_coordination.Failure);
        return await await Task.WhenAny(failures);
    }

    private async Task<Exception> Halted()
    {
        try
        {
            await _node.RunAsync(_ => _broker.Stopped);
        }
        catch (BrokerHaltedException e)
        {
            return e;
        }
        catch (LoopStoppedException)
        {
            // Stopped in order.
        }

        return await new TaskCompletionSource<Exception>().Task;
    }
}
