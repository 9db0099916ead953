using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Hosting;
using Simulator.Platform;
using tools.RealCluster.Networks;
using tools.RealCluster.Processes;

namespace tools.RealCluster.Cluster;

/// <summary>Three brokers as processes on an Apache ZooKeeper.</summary>
public sealed class BrokerCluster : IDisposable
{
    /// <summary>Number of brokers.</summary>
    public const int Size = 3;

    private readonly ZooKeeperServer _zookeeper;

    private BrokerCluster(ClusterNetwork network, ZooKeeperServer zookeeper, IReadOnlyList<BrokerProcess> brokers)
    {
        Network = network;
        _zookeeper = zookeeper;
        Brokers = brokers;
    }

    /// <summary>Where they live.</summary>
    public ClusterNetwork Network { get; }

    /// <summary>The brokers by ascending id, from 1.</summary>
    public IReadOnlyList<BrokerProcess> Brokers { get; }

    /// <summary>HOST:PORT of all, with commas between them.</summary>
    public string Servers => string.Join(',', Brokers.Select(b => b.Endpoint));

    /// <summary>HOST:PORT of ZooKeeper.</summary>
    public string ZooKeeper => _zookeeper.ConnectString;

    /// <summary>Where clients begin.</summary>
    public IReadOnlyList<Endpoint> Bootstrap => [.. Brokers.Select(b => ClientConfig.ParseEndpoint(b.Endpoint)!.Value)];

    /// <summary>Starts all; ends when all serve.</summary>
    /// <param name="network">Where they live; the caller's to dispose of.</param>
    /// <param name="directory">Where all their data stand.</param>
    /// <exception cref="CannotRunHereException">A program is missing.</exception>
    public static async Task<BrokerCluster> Start(ClusterNetwork network, string directory)
    {
        var ports = ClusterNetwork.FreePorts(network.Host, Size + 1);
        var zookeeper = await ZooKeeperServer.Start(Path.Combine(directory, "zookeeper"), network.Host, ports[Size]);
        var brokers = Enumerable.Range(1, Size).Select(id => new BrokerProcess(network, id, ports[id - 1], Arguments(directory, id, zookeeper))).ToList();
        var cluster = new BrokerCluster(network, zookeeper, brokers);
        try
        {
            await Task.WhenAll(brokers.Select(b => b.Start()));
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Creates a topic with three replicas of which two must have a record before it counts as written.</summary>
    public async Task CreateTopic(string name, int partitions)
    {
        await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = Bootstrap });
        await admin.CreateTopicsAsync([new NewTopic(name, partitions, Size, new Dictionary<string, string> { ["min.insync.replicas"] = "2" })]);
    }

    /// <summary>Why one of the processes has ended by itself; null if none has.</summary>
    public string? FindFailure() => _zookeeper.Process.HasEnded
        ? $"ZooKeeper ended by itself: {_zookeeper.Process.Output}"
        : Brokers.Select(b => b.FindFailure()).FirstOrDefault(f => f is not null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var broker in Brokers) broker.Dispose();
        _zookeeper.Dispose();
    }

    // Sessions and in-sync replicas are given up as soon as a run can wait for.
    private static List<string> Arguments(string directory, int id, ZooKeeperServer zookeeper) =>
    [
        "--data", Path.Combine(directory, $"broker-{id}"),
        "--zookeeper", zookeeper.ConnectString,
        "--set", "zookeeper.session.timeout.ms=3000",
        "--set", "zookeeper.connection.timeout.ms=18000",
        "--set", "replica.lag.time.max.ms=3000",
        "--set", "auto.create.topics.enable=false",
        "--set", "controlled.shutdown.retry.backoff.ms=500",
    ];
}
