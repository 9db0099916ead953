using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Reference.Broker.Configuration;
using Reference.Broker.Server;
using Reference.Clients;
using Reference.Clients.Administration;

namespace Reference.Hosting;

/// <summary>
/// A whole cluster in this process, over real sockets on free ports of the loopback interface: a coordination store and brokers
/// 1 to n, each on a loop thread of its own. For tests: it is ready in a fraction of a second, and nothing of it stays.
/// <code>
/// await using var cluster = await KafkaCluster.StartAsync(brokers: 3);
/// await cluster.CreateTopicAsync("orders", partitions: 6);
/// </code>
/// Safe to use from any thread; what changes the cluster is done one after another.
/// </summary>
public sealed class KafkaCluster : IAsyncDisposable
{
    private const string DirectoryPrefix = "kafka-cluster-";
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);
    private static readonly string[] s_ours = ["broker.id", "listeners", "advertised.listeners", "log.dir", "log.dirs", "zookeeper.connect"];
    private readonly KafkaClusterOptions _options;
    private readonly CoordinationHost _coordination;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Member> _members = [];
    private readonly SemaphoreSlim _changes = new(1);
    private bool _disposed;

    private KafkaCluster(KafkaClusterOptions options, string dataDirectory, CoordinationHost coordination, int brokers)
    {
        _options = options;
        DataDirectory = dataDirectory;
        _coordination = coordination;
        BrokerIds = [.. Enumerable.Range(1, brokers)];
    }

    /// <summary>What clients take as <c>bootstrap.servers</c>: all brokers, also those that do not run at the moment.</summary>
    public string BootstrapServers
    {
        get
        {
            lock (_gate) return string.Join(',', _members.Values.Select(static m => m.Address));
        }
    }

    /// <summary>Host and port of the coordination store: a <c>zookeeper.connect</c>.</summary>
    public string ZookeeperConnect => _coordination.ConnectString;

    /// <summary>The ids of all brokers: 1 to n.</summary>
    public IReadOnlyList<int> BrokerIds { get; }

    /// <summary>The ids of the brokers that run.</summary>
    public IReadOnlyList<int> RunningBrokers => [.. Running().Select(static b => b.BrokerId)];

    /// <summary>The cluster's id.</summary>
    public string ClusterId => Running()[0].ClusterId;

    /// <summary>Where all files stand.</summary>
    public string DataDirectory { get; }

    /// <summary>Starts a cluster; ends when all brokers know each other, their controller and whatever topics there are.</summary>
    /// <param name="brokers">How many; at least one.</param>
    /// <param name="options">How they run; null for the defaults.</param>
    /// <remarks>An unknown option or a wrong value is a ConfigException.</remarks>
    /// <exception cref="ArgumentException">No broker, no log directory, or an option that is not the caller's to set.</exception>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    public static async Task<KafkaCluster> StartAsync(int brokers = 3, KafkaClusterOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        options ??= new KafkaClusterOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LogDirectories, 1);
        foreach (var id in Enumerable.Range(1, brokers)) Check(options, brokers, id);
        var directory = options.DataDirectory is { } given ? Path.GetFullPath(given) : Directory.CreateTempSubdirectory(DirectoryPrefix).FullName;
        KafkaCluster? cluster = null;
        try
        {
            var store = await CoordinationHost.StartAsync(new CoordinationHostOptions(Path.Combine(directory, "coordination"))
            {
                Name = $"store.{Label(directory)}",
                Tick = s_tick,
                EndSessionsAtStart = true,
                Logs = options.Logs,
            });
            cluster = new KafkaCluster(options, directory, store, brokers);
            await Task.WhenAll(cluster.BrokerIds.Select(id => cluster.StartBroker(id, port: 0)));
            await cluster.Ready();
            return cluster;
        }
        catch
        {
            if (cluster is not null) await cluster.DisposeAsync();
            else if (options.DataDirectory is null) DeleteTree(directory);
            throw;
        }
    }

    /// <summary>A broker's host and port.</summary>
    /// <exception cref="ArgumentException">There is no such broker.</exception>
    public string AddressOf(int broker) => MemberOf(broker).Address;

    /// <summary>The directories of a broker's logs, as many as <see cref="KafkaClusterOptions.LogDirectories"/> says.</summary>
    /// <exception cref="ArgumentException">There is no such broker.</exception>
    public IReadOnlyList<string> LogDirectoriesOf(int broker)
    {
        if (!BrokerIds.Contains(broker)) throw new ArgumentException($"There is no broker {broker} in this cluster.", nameof(broker));
        return [.. Enumerable.Range(1, _options.LogDirectories).Select(n => Path.Combine(HomeOf(broker), n == 1 ? "logs" : $"logs-{n}"))];
    }

    /// <summary>Creates a topic; ends when every running broker knows its leaders.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <param name="replicationFactor">Replicas of each; -1: as many as there are brokers, three at most.</param>
    /// <param name="configuration">Options of the topic by Kafka's names; null for the defaults.</param>
    /// <exception cref="KafkaException">It was refused.</exception>
    /// <exception cref="TimeoutException">The brokers did not hear of it in time.</exception>
    public async Task CreateTopicAsync(string topic, int partitions = 1, short replicationFactor = -1, IReadOnlyDictionary<string, string>? configuration = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        var replicas = replicationFactor == -1 ? DefaultReplicas(BrokerIds.Count) : replicationFactor;
        await using var admin = await KafkaAdmin.StartAsync(AdminOptions.Parse([new("bootstrap.servers", BootstrapServers), new("retry.backoff.ms", "10")]), _options.Logs);
        await admin.CreateTopicsAsync([new NewTopic(topic, partitions, replicas, configuration)]);
        await All($"knowing the leaders of {topic}", b => b.Metadata.HasLeaders(topic, partitions));
    }

    /// <summary>Ends a broker like a killed process; the others notice when its session expires. Nothing happens if it does not run.</summary>
    /// <exception cref="ArgumentException">There is no such broker.</exception>
    public Task KillAsync(int broker) => Change(() => End(broker, static host => host.KillAsync()));

    /// <summary>Stops a broker in order: its leaders are moved away first. Nothing happens if it does not run.</summary>
    /// <exception cref="ArgumentException">There is no such broker.</exception>
    public Task StopAsync(int broker) => Change(() => End(broker, static host => host.StopAsync()));

    /// <summary>
    /// Starts a broker again at its old address, with its files; ends when all brokers know each other again. One that runs is
    /// stopped before; one that was killed waits for its old session to expire.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such broker.</exception>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    public Task RestartAsync(int broker) => Change(async () =>
    {
        await End(broker, static host => host.StopAsync());
        await StartBroker(broker, MemberOf(broker).Port);
        await Ready();
    });

    /// <summary>Ends all of it: no thread, no port and, unless the directory was given, no file stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changes.WaitAsync();
        try
        {
            if (_disposed) return;
            _disposed = true;
            var keepsFiles = _options.DataDirectory is not null;
            try
            {
                await Task.WhenAll(Running().Select(b => keepsFiles ? b.StopAsync() : b.KillAsync()));
            }
            finally
            {
                await _coordination.StopAsync();
                if (!keepsFiles) DeleteTree(DataDirectory);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    private static short DefaultReplicas(int brokers) => (short)Math.Min(brokers, 3);

    /// <summary>Before anything is started: a wrong option leaves no trace.</summary>
    private static void Check(KafkaClusterOptions options, int brokers, int id)
    {
        var names = options.Configuration.Keys.Concat(options.ConfigurationOf(id).Keys);
        if (names.FirstOrDefault(static n => s_ours.Contains(n)) is { } name) throw new ArgumentException($"The option {name} is set by the cluster itself.", nameof(options));
        BrokerConfig.Parse(Configuration(options, brokers, id));
    }

    /// <summary>Tells the threads of several clusters apart.</summary>
    private static string Label(string directory) => Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)).Replace(DirectoryPrefix, string.Empty, StringComparison.Ordinal);

    private static void DeleteTree(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The caller was faster.
        }
    }

    private async Task Change(Func<Task> change)
    {
        await _changes.WaitAsync();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private Member MemberOf(int broker)
    {
        lock (_gate)
        {
            return _members.TryGetValue(broker, out var member) ? member : throw new ArgumentException($"There is no broker {broker} in this cluster.", nameof(broker));
        }
    }

    private List<KafkaBrokerHost> Running()
    {
        lock (_gate) return [.. _members.Values.Where(static m => m.Host is not null).Select(static m => m.Host!)];
    }

    private async Task StartBroker(int id, int port)
    {
        var configuration = Configuration(_options, BrokerIds.Count, id);
        configuration["listeners"] = $"PLAINTEXT://127.0.0.1:{port}";
        configuration["zookeeper.connect"] = ZookeeperConnect;
        configuration["log.dirs"] = string.Join(',', LogDirectoriesOf(id));
        var host = await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(HomeOf(id))
        {
            Name = $"broker-{id}.{Label(DataDirectory)}",
            Configuration = configuration,
            Logs = _options.Logs,
        });
        lock (_gate) _members[id] = new Member(host.BootstrapServers, host);
    }

    private string HomeOf(int broker) => Path.Combine(DataDirectory, $"broker-{broker}");

    private async Task End(int id, Func<KafkaBrokerHost, Task> end)
    {
        var member = MemberOf(id);
        if (member.Host is not { } host) return;
        lock (_gate) _members[id] = member with { Host = null };
        await end(host);
    }

    /// <summary>Short sessions, so that a death is noticed soon; no waiting for what only a cluster of many machines needs.</summary>
    private static Dictionary<string, string> Configuration(KafkaClusterOptions options, int brokers, int id)
    {
        var configuration = new Dictionary<string, string>
        {
            ["zookeeper.session.timeout.ms"] = "3000",
            ["zookeeper.connection.timeout.ms"] = "18000",
            ["default.replication.factor"] = $"{DefaultReplicas(brokers)}",
            ["controlled.shutdown.retry.backoff.ms"] = "200",
        };
        foreach (var (name, value) in options.Configuration) configuration[name] = value;
        foreach (var (name, value) in options.ConfigurationOf(id)) configuration[name] = value;
        configuration["broker.id"] = $"{id}";
        return configuration;
    }

    private Task Ready()
    {
        var ids = RunningBrokers;
        return All("knowing each other", b => Knows(b, ids));
    }

    private static bool Knows(BrokerServer broker, IReadOnlyList<int> ids)
    {
        if (!ids.Contains(broker.Metadata.ControllerId) || broker.Metadata.Brokers.Count != ids.Count) return false;
        return ids.All(broker.Metadata.Brokers.ContainsKey) && (!broker.IsController || broker.Controller!.Leadership.Keys.All(p => broker.KnownLeader(p) is not null));
    }

    private async Task All(string what, Func<BrokerServer, bool> condition)
    {
        var held = await Task.WhenAll(Running().Select(b => b.HoldsWithin(_options.Timeout, condition)));
        if (held.Contains(false)) throw new TimeoutException($"The brokers of the cluster were not {what} within {_options.Timeout.TotalSeconds:0.#} s.");
    }

    private sealed record Member(string Address, KafkaBrokerHost? Host)
    {
        public int Port => int.Parse(Address.AsSpan(Address.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
    }
}
