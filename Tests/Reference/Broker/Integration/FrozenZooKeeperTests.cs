using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Hosting;
using Reference.Wire;
using Simulator.Platform;
using Tests.Reference.Coordination.Integration;
using Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Tests.Reference.Broker.Integration;

/// <summary>
/// A real ZooKeeper that is stopped (SIGSTOP) and goes on later: it holds its connections, answers nothing, and lets the sessions expire
/// the moment it wakes. The brokers say so, go on as they were, since nobody else can have been elected, and find together again.
/// </summary>
public sealed class FrozenZooKeeperTests(ITestOutputHelper output)
{
    private const int SessionTimeoutMillis = 2_000;

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task Brokers_complain_of_a_ZooKeeper_that_freezes_and_lose_nothing_when_it_thaws()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        using var data = new TempDirectory("frozen-");
        using var logs = new RememberingLogs();
        await using var one = await Start(1, zookeeper.Port, data, logs);
        await using var two = await Start(2, zookeeper.Port, data, logs);
        Endpoint[] bootstrap = [ClientConfig.ParseEndpoint(one.BootstrapServers)!.Value, ClientConfig.ParseEndpoint(two.BootstrapServers)!.Value];
        await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = bootstrap });
        await admin.CreateTopicsAsync([new NewTopic("orders", Configuration: new Dictionary<string, string> { ["min.insync.replicas"] = "2" }, Assignments: [[1, 2], [2, 1]])]);
        var acknowledged = new List<string>();
        using var stop = new CancellationTokenSource();
        var sending = Send(bootstrap, acknowledged, stop.Token);
        await Eventually.Holds(() => Count(acknowledged) > 20, "records are acknowledged");

        var before = Count(acknowledged);
        zookeeper.Process.Freeze();
        try
        {
            await Eventually.Holds(() => logs.Lines.Count(l => l.Contains("has answered for", StringComparison.Ordinal)) == 2, "both brokers say that ZooKeeper is silent");
        }
        finally
        {
            zookeeper.Process.Thaw();
        }

        output.WriteLine($"{before} records acknowledged before, {Count(acknowledged)} at the thaw");
        Assert.All(logs.Lines.Where(l => l.Contains("has answered for", StringComparison.Ordinal)), l => Assert.Contains($"127.0.0.1:{zookeeper.Port}", l, StringComparison.Ordinal));
        // Whether the sessions have expired is ZooKeeper's to say: it may read the pings that have queued up before it looks at its clock.
        await Eventually.Holds(async () => (await admin.DescribeAsync(["orders"])).Topic("orders") is { } topic && topic.Partitions.All(p => p.Leader is 1 or 2), "all partitions are led");
        var healed = Count(acknowledged);
        await Eventually.Holds(() => Count(acknowledged) > healed + 20, "records are acknowledged by both replicas again");
        await stop.CancelAsync();
        await sending;
        await CreateAfterwards(admin);
        var missing = acknowledged.Except(await ReadAll(bootstrap, acknowledged.Count)).ToList();
        Assert.True(missing.Count == 0, $"Of {acknowledged.Count} acknowledged records {missing.Count} are lost: {string.Join(", ", missing.Take(20))}");
        output.WriteLine(string.Join('\n', logs.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)).Distinct()));
    }

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged) return acknowledged.Count;
    }

    private static async Task Send(Endpoint[] bootstrap, List<string> acknowledged, CancellationToken stop)
    {
        await using var producer = await KafkaProducer.StartAsync(new ProducerOptions { BootstrapServers = bootstrap, MaxBlock = Eventually.Patience });
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var value = i.ToString(CultureInfo.InvariantCulture);
            try
            {
                await producer.SendAsync(new ProducerRecord("orders", null, Encoding.UTF8.GetBytes(value), i % 2));
                lock (acknowledged) acknowledged.Add(value);
            }
            catch (KafkaException)
            {
                // Not acknowledged: its fate is open.
            }
        }
    }

    private static async Task CreateAfterwards(KafkaAdmin admin)
    {
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    await admin.CreateTopicsAsync([new NewTopic("after", 1, 2)]);
                    return true;
                }
                catch (KafkaException e) when (e.Code == ErrorCode.TopicAlreadyExists)
                {
                    return true;
                }
                catch (KafkaException e) when (e.IsRetriable)
                {
                    return false;
                }
            },
            "a topic is created");
    }

    private static async Task<HashSet<string>> ReadAll(Endpoint[] bootstrap, int atLeast)
    {
        await using var consumer = await KafkaConsumer.StartAsync(new ConsumerOptions { BootstrapServers = bootstrap, AutoOffsetReset = OffsetReset.Earliest });
        await consumer.AssignAsync(new TopicPartition("orders", 0), new TopicPartition("orders", 1));
        var read = new HashSet<string>(StringComparer.Ordinal);
        for (var silent = 0; silent < 3 || (read.Count < atLeast && silent < 20);)
        {
            var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
            silent = polled.Count == 0 ? silent + 1 : 0;
            foreach (var record in polled) read.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
        }

        return read;
    }

    private static async Task<KafkaBrokerHost> Start(int id, int zookeeperPort, TempDirectory data, RememberingLogs logs) => await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(data.File($"{id}"))
    {
        Logs = logs,
        Name = $"broker-{id}",
        Configuration = new Dictionary<string, string>
        {
            ["broker.id"] = $"{id}",
            ["zookeeper.connect"] = $"127.0.0.1:{zookeeperPort}",
            ["zookeeper.session.timeout.ms"] = $"{SessionTimeoutMillis}",
            ["zookeeper.connection.timeout.ms"] = "20000",
            ["replica.lag.time.max.ms"] = "5000",
            ["controlled.shutdown.enable"] = "false",
        },
    }).WaitAsync(Eventually.Patience);
}
