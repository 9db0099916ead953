using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Hosting;
using Reference.Rpc.Configuration;
using Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Tests.Reference.Hosting;

/// <summary>Clusters in this process: ready at once, side by side, brokers that die and come back, and nothing left behind.</summary>
public sealed class KafkaClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_cluster_of_three_is_ready_within_a_second()
    {
        await using (await KafkaCluster.StartAsync())
        {
            // The first one pays for compiling what all use.
        }

        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var cluster = await KafkaCluster.StartAsync(brokers: 3);
            times.Add(watch.Elapsed.TotalMilliseconds);
            Assert.Equal([1, 2, 3], cluster.RunningBrokers);
        }

        output.WriteLine($"ready after {string.Join(", ", times.Select(t => $"{t:0}"))} ms");
        Assert.True(times.Order().ElementAt(times.Count / 2) < 1000, $"ready after {string.Join(", ", times)} ms");
    }

    [Fact]
    public async Task Clusters_stand_side_by_side_and_know_nothing_of_each_other()
    {
        var clusters = await Task.WhenAll(Enumerable.Range(1, 3).Select(n => KafkaCluster.StartAsync(n)));
        try
        {
            Assert.Equal(3, clusters.Select(c => c.ClusterId).Distinct().Count());
            await Task.WhenAll(clusters.Select(c => c.CreateTopicAsync("t", partitions: 2)));
            await Task.WhenAll(clusters.Select(c => Produce(c, $"{c.BrokerIds.Count}")));
            foreach (var cluster in clusters) Assert.Equal([$"{cluster.BrokerIds.Count}"], await Read(cluster, 1));
        }
        finally
        {
            foreach (var cluster in clusters) await cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_killed_broker_loses_nothing_acknowledged_and_comes_back_at_its_address()
    {
        await using var cluster = await KafkaCluster.StartAsync(brokers: 3);
        await cluster.CreateTopicAsync("t", configuration: new Dictionary<string, string> { ["min.insync.replicas"] = "2" });
        var addresses = cluster.BrokerIds.Select(cluster.AddressOf).ToArray();
        await Produce(cluster, "before");
        await cluster.KillAsync(1);
        Assert.Equal([2, 3], cluster.RunningBrokers);
        await Produce(cluster, "without the first");
        await cluster.RestartAsync(1);
        await cluster.StopAsync(2);
        await Produce(cluster, "without the second");
        await cluster.RestartAsync(2);
        Assert.Equal(addresses, cluster.BrokerIds.Select(cluster.AddressOf));
        Assert.Equal(["before", "without the first", "without the second"], await Read(cluster, 3));
    }

    [Fact]
    public async Task Disposal_leaves_no_file_no_port_and_no_thread()
    {
        var cluster = await KafkaCluster.StartAsync(brokers: 2);
        await cluster.CreateTopicAsync("t");
        await Produce(cluster, "something");
        await cluster.KillAsync(2);
        var addresses = cluster.BrokerIds.Select(cluster.AddressOf).Append(cluster.ZookeeperConnect).ToList();
        var directory = cluster.DataDirectory;
        var label = directory[(directory.LastIndexOf('-') + 1)..];
        Assert.True(ThreadsNamed(label) >= 2, "the store's and a broker's");
        Assert.NotEmpty(FilesOpenBelow(directory));
        await cluster.DisposeAsync();
        await cluster.DisposeAsync();
        Assert.False(Directory.Exists(directory));
        Assert.All(addresses, address => Assert.False(IsOpen(address), address));
        Assert.Equal(0, ThreadsNamed(label));
        Assert.Empty(FilesOpenBelow(directory));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RestartAsync(1));
    }

    [Fact]
    public async Task A_given_directory_is_kept_and_found_again()
    {
        using var data = new TempDirectory();
        var options = new KafkaClusterOptions { DataDirectory = data.File("cluster") };
        string id;
        await using (var first = await KafkaCluster.StartAsync(2, options))
        {
            id = first.ClusterId;
            await first.CreateTopicAsync("t");
            await Produce(first, "kept");
        }

        await using var second = await KafkaCluster.StartAsync(2, options);
        Assert.Equal(id, second.ClusterId);
        Assert.Equal(["kept"], await Read(second, 1));
    }

    [Fact]
    public async Task Wrong_input_is_refused_and_leaves_nothing()
    {
        using var data = new TempDirectory();
        var directory = data.File("cluster");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KafkaCluster.StartAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KafkaCluster.StartAsync(1, new KafkaClusterOptions { DataDirectory = directory, LogDirectories = 0 }));
        await Assert.ThrowsAsync<ArgumentException>(() => KafkaCluster.StartAsync(1, With(directory, "log.dir", "elsewhere")));
        await Assert.ThrowsAsync<ArgumentException>(() => KafkaCluster.StartAsync(1, With(directory, "listeners", "PLAINTEXT://:1")));
        await Assert.ThrowsAsync<ConfigException>(() => KafkaCluster.StartAsync(1, With(directory, "no.such.option", "1")));
        Assert.False(Directory.Exists(directory));
        await using var cluster = await KafkaCluster.StartAsync(1);
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.KillAsync(7));
        Assert.Throws<ArgumentException>(() => cluster.LogDirectoriesOf(7));
        await Assert.ThrowsAsync<KafkaException>(() => cluster.CreateTopicAsync("t", replicationFactor: 2));
    }

    private static KafkaClusterOptions With(string directory, string name, string value) =>
        new() { DataDirectory = directory, Configuration = new Dictionary<string, string> { [name] = value } };

    private static async Task Produce(KafkaCluster cluster, string value)
    {
        await using var producer = await KafkaProducer.StartAsync(ProducerOptions.Parse([new("bootstrap.servers", cluster.BootstrapServers), new("acks", "all")]));
        await producer.SendAsync(new ProducerRecord("t", null, Encoding.UTF8.GetBytes(value)));
    }

    private static async Task<List<string>> Read(KafkaCluster cluster, int count)
    {
        await using var consumer = await KafkaConsumer.StartAsync(ConsumerOptions.Parse([new("bootstrap.servers", cluster.BootstrapServers), new("auto.offset.reset", "earliest")]));
        var metadata = await PartitionsOf(cluster);
        await consumer.AssignAsync([.. metadata]);
        var values = new List<string>();
        await foreach (var record in consumer.ConsumeAsync())
        {
            values.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
            if (values.Count == count) break;
        }

        return values;
    }

    private static async Task<IEnumerable<TopicPartition>> PartitionsOf(KafkaCluster cluster)
    {
        await using var admin = await KafkaAdmin.StartAsync(global::Reference.Clients.Administration.AdminOptions.Parse([new("bootstrap.servers", cluster.BootstrapServers)]));
        var topic = (await admin.DescribeAsync(["t"])).Topic("t")!;
        return Enumerable.Range(0, topic.Partitions.Count).Select(p => new TopicPartition("t", p));
    }

    /// <summary>Linux keeps 15 characters of a thread's name.</summary>
    private static int ThreadsNamed(string label) => Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task).Contains(label, StringComparison.Ordinal));

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return string.Empty; // it has ended since it was listed
        }
    }

    private static List<string> FilesOpenBelow(string directory) =>
        [.. Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? string.Empty).Where(target => target.StartsWith(directory, StringComparison.Ordinal))];

    private static bool IsOpen(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
