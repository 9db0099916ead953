using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Hosting;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.tools.Server;

/// <summary>One broker with its embedded store, as a process, driven by kcat and by our own clients.</summary>
public sealed class SingleBrokerTests
{
    [RequiresProgramFact("kcat")]
    public async Task A_fresh_broker_serves_kcat_and_keeps_its_data_over_SIGTERM()
    {
        using var data = new TempDirectory();
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("d")))
        {
            Assert.Contains($" at {server.Endpoint}", await Kcat.List(server.Endpoint), StringComparison.Ordinal);
            await Kcat.Produce(server.Endpoint, "greetings", ["hello", "world"]); // the topic is created on first use
            Assert.Equal(["hello", "world"], await Kcat.Consume(server.Endpoint, "greetings"));
            Assert.Equal(0, await server.Stop());
        }

        using var again = await ServerProcess.Start("--port", "0", "--data", data.File("d"));
        await Kcat.Produce(again.Endpoint, "greetings", ["again"]);
        Assert.Equal(["hello", "world", "again"], await Kcat.Consume(again.Endpoint, "greetings"));
        Assert.Equal(0, await again.Stop());
        Assert.Empty(again.Program.StandardError);
    }

    [RequiresProgramFact("kcat")]
    public async Task What_was_acknowledged_survives_kill_minus_9()
    {
        using var data = new TempDirectory();
        var lines = Kcat.Lines("record", 5_000);
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("d")))
        {
            await Kcat.Produce(server.Endpoint, "t", lines);
            await server.Kill();
        }

        using var again = await ServerProcess.Start("--port", "0", "--data", data.File("d"));
        Assert.Equal(lines, await Kcat.Consume(again.Endpoint, "t"));
    }

    [Fact]
    public async Task Our_own_clients_produce_consume_seek_and_describe()
    {
        using var data = new TempDirectory();
        using var server = await ServerProcess.Start("--port", "0", "--data", data.File("d"));
        Endpoints servers = new(server.Endpoint);
        await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = servers.List });
        await admin.CreateTopicsAsync([new NewTopic("orders", 3, 1)]);
        await using var producer = await KafkaProducer.StartAsync(new ProducerOptions { BootstrapServers = servers.List });
        var sent = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => producer.SendAsync(Record("orders", i))));
        Assert.Equal(3, sent.Select(s => s.Partition).Distinct().Count());
        Assert.Equal(300, sent.Select(s => (s.Partition, s.Offset)).Distinct().Count());

        await using var consumer = await KafkaConsumer.StartAsync(new ConsumerOptions { BootstrapServers = servers.List, AutoOffsetReset = OffsetReset.Earliest });
        await consumer.AssignAsync(new TopicPartition("orders", 0), new TopicPartition("orders", 1), new TopicPartition("orders", 2));
        var read = 0;
        await foreach (var record in consumer.ConsumeAsync())
        {
            Assert.Contains(sent, s => s.Partition == record.Partition && s.Offset == record.Offset);
            if (++read == 300) break;
        }

        await consumer.SeekAsync(new TopicPartition("orders", 1), 5);
        Assert.Equal(5, (await consumer.PollAsync(TimeSpan.FromSeconds(30)))[0].Offset);
        Assert.Equal(3, (await admin.DescribeAsync(["orders"])).Topic("orders")!.Partitions.Count);
        Assert.Equal(0, await server.Stop());
    }

    [Fact]
    public async Task An_embedded_broker_host_runs_inside_a_program_of_ones_own()
    {
        using var data = new TempDirectory();
        await using var broker = await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(data.File("d")));
        Endpoints servers = new(broker.BootstrapServers);
        await using var producer = await KafkaProducer.StartAsync(new ProducerOptions { BootstrapServers = servers.List });
        Assert.Equal(0, (await producer.SendAsync(Record("t", 1))).Offset);
        using var cancelled = new System.Threading.CancellationTokenSource();
        await using var consumer = await KafkaConsumer.StartAsync(new ConsumerOptions { BootstrapServers = servers.List });
        await consumer.AssignAsync(new TopicPartition("t", 0));
        var polling = consumer.PollAsync(TimeSpan.FromMinutes(5), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling);
    }

    [Fact]
    public async Task Help_shows_examples_and_exits_with_0()
    {
        var help = (await ServerProcess.Run("--help")).Expect0().StandardOutput;
        Assert.Contains("server coordination --port 2181", help, StringComparison.Ordinal);
        Assert.Contains("--zookeeper", help, StringComparison.Ordinal);
    }

    private static ProducerRecord Record(string topic, int number) =>
        new(topic, Encoding.UTF8.GetBytes($"key {number}"), Encoding.UTF8.GetBytes($"value {number}"));

    private sealed record Endpoints(string Text)
    {
        public Endpoint[] List => [ClientConfig.ParseEndpoint(Text)!.Value];
    }
}
