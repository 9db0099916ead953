using System.Collections.Generic;
using System.Threading.Tasks;
using Reference.Hosting;
using Xunit;

namespace Tests.Reference.Hosting;

/// <summary>
/// Three brokers, each in a rack of its own and with two log directories, that look after their logs many times a second. Facts share it
/// and leave its brokers alone; each has topics of its own.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    /// <summary>Bytes per second that throttled replicas get.</summary>
    public const int ThrottledRate = 50_000;

    private ClusterClients? _clients;

    internal ClusterClients Clients => _clients!;

    /// <summary>The rack of a broker.</summary>
    public static string RackOf(int broker) => $"rack-{broker}";

    /// <inheritdoc/>
    public async Task InitializeAsync() => _clients = await ClusterClients.Start(3, new KafkaClusterOptions
    {
        LogDirectories = 2,
        Configuration = new Dictionary<string, string>
        {
            ["auto.create.topics.enable"] = "false",
            ["auto.leader.rebalance.enable"] = "false",
            ["log.retention.check.interval.ms"] = "100",
            ["log.segment.delete.delay.ms"] = "0",
            ["log.cleaner.backoff.ms"] = "100",
            ["log.cleaner.dedupe.buffer.size"] = "1048576",
            ["replica.fetch.wait.max.ms"] = "100",
            ["replica.fetch.max.bytes"] = "20000",
            ["replica.fetch.response.max.bytes"] = "20000",
            ["replica.selector.class"] = "org.apache.kafka.common.replica.RackAwareReplicaSelector",
            ["leader.replication.throttled.rate"] = $"{ThrottledRate}",
        },
        ConfigurationOf = static broker => new Dictionary<string, string> { ["broker.rack"] = RackOf(broker) },
    });

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }
}
