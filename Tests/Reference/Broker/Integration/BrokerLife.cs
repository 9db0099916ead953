using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Coordination;
using Reference.Hosting;
using Reference.Wire;
using Simulator.Platform;
using Tests.Support;

namespace Tests.Reference.Broker.Integration;

/// <summary>
/// A short life of a broker on ZooKeeper that writes most of what a broker writes there: it registers, becomes the controller, topics are
/// created, grown and deleted; what it acknowledged must be there, and the topics as they were asked for.
/// </summary>
internal sealed class BrokerLife(string zookeeper) : IAsyncDisposable
{
    public const int SessionTimeoutMillis = 1500;
    private const int Records = 5;
    private readonly TempDirectory _data = new("broker-life-");
    private KafkaBrokerHost? _broker;

    /// <summary>Lives it; a start may be refused with a clear error, and is then tried again.</summary>
    /// <returns>The errors with which a start was refused.</returns>
    public async Task<IReadOnlyList<string>> Live()
    {
        var refusals = new List<string>();
        while (_broker is null)
        {
            try
            {
                _broker = await Start();
            }
            catch (CoordinationException e) when (refusals.Count < 3)
            {
                refusals.Add(e.Message);
            }
        }

        Endpoint[] bootstrap = [ClientConfig.ParseEndpoint(_broker.BootstrapServers)!.Value];
        await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = bootstrap });
        await Effective(ErrorCode.TopicAlreadyExists, () => admin.CreateTopicsAsync([new NewTopic("kept", 1, 1, new Dictionary<string, string> { ["retention.ms"] = "86400000" })]));
        await Effective(ErrorCode.TopicAlreadyExists, () => admin.CreateTopicsAsync([new NewTopic("gone", 1, 1)]));
        await Produce(bootstrap);
        await Effective(ErrorCode.InvalidPartitions, () => admin.CreatePartitionsAsync([new NewPartitions("kept", 2)]));
        await Effective(ErrorCode.UnknownTopicOrPartition, () => admin.DeleteTopicsAsync(["gone"]));
        await Eventually.Holds(
            async () => (await admin.DescribeAsync(["kept", "gone"])) is var seen
                && seen.Topic("kept") is { Partitions: { Count: 2 } partitions } && partitions.All(p => p.Leader == 1)
                && seen.Topic("gone") is null or { Error: ErrorCode.UnknownTopicOrPartition },
            "the topics are as they were asked for");
        await ReadBack(bootstrap);
        return refusals;
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.StopAsync().WaitAsync(Eventually.Patience);
        _data.Dispose();
    }

    /// <summary>Asks for something until it is so: that it is so already, by an attempt whose answer was lost, is one error of its own.</summary>
    private static async Task Effective(ErrorCode already, Func<Task> ask)
    {
        var deadline = DateTime.UtcNow + Eventually.Patience;
        while (true)
        {
            try
            {
                await ask();
                return;
            }
            catch (KafkaException e) when (e.Code == already)
            {
                return;
            }
            catch (KafkaException e) when (e.IsRetriable && DateTime.UtcNow < deadline)
            {
                // A clear error that says: later.
            }
        }
    }

    private static async Task Produce(Endpoint[] bootstrap)
    {
        await using var producer = await KafkaProducer.StartAsync(new ProducerOptions { BootstrapServers = bootstrap, MaxBlock = Eventually.Patience });
        for (var i = 0; i < Records; i++) await producer.SendAsync(new ProducerRecord("kept", null, Encoding.UTF8.GetBytes($"{i}"), 0));
    }

    private static async Task ReadBack(Endpoint[] bootstrap)
    {
        await using var consumer = await KafkaConsumer.StartAsync(new ConsumerOptions { BootstrapServers = bootstrap, AutoOffsetReset = OffsetReset.Earliest });
        await consumer.AssignAsync(new TopicPartition("kept", 0));
        var read = new List<string>();
        var deadline = DateTime.UtcNow + Eventually.Patience;
        while (read.Distinct().Count() < Records && DateTime.UtcNow < deadline)
            read.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(1))).Select(r => Encoding.UTF8.GetString(r.Value!.Value.Span)));
        Xunit.Assert.Equal(Enumerable.Range(0, Records).Select(i => $"{i}"), read.Distinct());
    }

    private async Task<KafkaBrokerHost> Start() => await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(_data.Path)
    {
        Configuration = new Dictionary<string, string>
        {
            ["broker.id"] = "1",
            ["zookeeper.connect"] = zookeeper,
            ["zookeeper.session.timeout.ms"] = $"{SessionTimeoutMillis}",
            ["zookeeper.connection.timeout.ms"] = "20000",
            ["controlled.shutdown.enable"] = "false",
        },
    }).WaitAsync(Eventually.Patience);
}
