using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Coordination;
using Simulator.Host;
using Simulator.Platform;

namespace tools.RealCluster.Cluster;

/// <summary>One partition as ZooKeeper knows it.</summary>
/// <param name="Leader">Broker id of the leader, or -1.</param>
/// <param name="Replicas">Broker ids of the replicas.</param>
/// <param name="InSync">Broker ids of those in sync.</param>
public sealed record PartitionView(int Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync);

/// <summary>What stands in ZooKeeper of the topic's partitions: the truth, which brokers tell clients seconds later.</summary>
public sealed class ClusterView : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private readonly HostNode _node;
    private readonly CoordinationClient _client;
    private readonly string _topic;
    private readonly int _partitions;
    private readonly Func<string?> _findFailure;

    private ClusterView(HostNode node, CoordinationClient client, string topic, int partitions, Func<string?> findFailure)
    {
        _node = node;
        _client = client;
        _topic = topic;
        _partitions = partitions;
        _findFailure = findFailure;
    }

    /// <summary>Opens a view.</summary>
    /// <param name="zookeeper">HOST:PORT.</param>
    /// <param name="directory">A directory for the node that looks; it writes nothing there.</param>
    /// <param name="topic">The topic, which need not be there yet.</param>
    /// <param name="partitions">Number of its partitions.</param>
    /// <param name="findFailure">Says why waiting has become vain, or null.</param>
    public static async Task<ClusterView> Open(string zookeeper, string directory, string topic, int partitions, Func<string?> findFailure)
    {
        var node = new HostNode("view", directory, NullLoggerFactory.Instance);
        var client = await node.InvokeAsync(async n =>
        {
            var opened = new CoordinationClient(n, new CoordinationClientOptions(zookeeper));
            await opened.Start();
            return opened;
        });
        return new ClusterView(node, client, topic, partitions, findFailure);
    }

    /// <summary>Waits until this is true of the partitions, all of which have leaders, and gives them.</summary>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NoProgressException">It did not come true in 60 s, or cannot any more.</exception>
    public async Task<IReadOnlyList<PartitionView>> Until(string what, Func<IReadOnlyList<PartitionView>, bool> condition, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + s_patience;
        using var pace = new PeriodicTimer(s_look);
        while (true)
        {
            var partitions = await Look();
            if (partitions.Count == _partitions && partitions.All(p => p.Leader >= 0) && condition(partitions)) return partitions;
            if (_findFailure() is { } failure) throw new NoProgressException(failure);
            if (DateTime.UtcNow > deadline) throw new NoProgressException($"Not within {s_patience.TotalSeconds} s: {what}; ZooKeeper says {Describe(partitions)}");
            await pace.WaitForNextTickAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _node.RunAsync(_ => _client.Close());
        await _node.StopAsync();
    }

    private static string Describe(IReadOnlyList<PartitionView> partitions) =>
        string.Join(", ", partitions.Select((p, i) => $"{i}: leader {p.Leader}, ISR [{string.Join(' ', p.InSync)}]"));

    private static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>The partitions from 0 on; those from the first one on that is not there yet are missing.</summary>
    private Task<List<PartitionView>> Look() => _node.InvokeAsync(async _ =>
    {
        var partitions = new List<PartitionView>();
        try
        {
            var topic = await Read($"/brokers/topics/{_topic}");
            for (var i = 0; i < _partitions; i++)
            {
                var state = await Read($"/brokers/topics/{_topic}/partitions/{i}/state");
                partitions.Add(new PartitionView(state.GetProperty("leader").GetInt32(), Ids(topic.GetProperty("partitions").GetProperty($"{i}")), Ids(state.GetProperty("isr"))));
            }
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NoNode)
        {
            // Not there yet.
        }

        return partitions;
    });

    private async LoopTask<JsonElement> Read(string path)
    {
        using var document = JsonDocument.Parse((await _client.GetData(path)).Data);
        return document.RootElement.Clone();
    }
}
