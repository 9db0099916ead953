using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Producing;
using Reference.Hosting;
using Simulator.Platform;
using Tests.Reference.Coordination.Integration;
using Tests.Support;
using Xunit;

namespace Tests.tools.Server;

/// <summary>Three brokers as processes beside a coordination store: the death of a leader loses nothing that was acknowledged.</summary>
public sealed class ClusterTests
{
    [RequiresProgramFact("kcat")]
    public async Task A_cluster_beside_the_embedded_store_survives_the_death_of_a_leader()
    {
        using var data = new TempDirectory();
        using var store = await ServerProcess.Start("coordination", "--port", "0", "--data", data.File("store"));
        await SurviveTheDeathOfALeader(data, store.Endpoint);
        Assert.Equal(0, await store.Stop());
    }

    [RequiresProgramFact("kcat", ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_cluster_on_Apache_ZooKeeper_survives_the_death_of_a_leader()
    {
        using var data = new TempDirectory();
        using var zookeeper = await ZooKeeperPrograms.Start();
        await SurviveTheDeathOfALeader(data, $"127.0.0.1:{zookeeper.Port}");
    }

    private static async Task SurviveTheDeathOfALeader(TempDirectory data, string store)
    {
        var brokers = new List<ServerProcess>(await Task.WhenAll(Enumerable.Range(1, 3).Select(id => Broker(data, store, id))));
        try
        {
            var servers = string.Join(',', brokers.Select(b => b.Endpoint));
            await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = Endpoints(brokers) });
            await admin.CreateTopicsAsync([new NewTopic("t", 1, 3, new Dictionary<string, string> { ["min.insync.replicas"] = "2" })]);
            var leader = await AwaitLeader(admin, except: -1);
            await ProduceAndKill(brokers, servers, leader);
            var next = await AwaitLeader(admin, except: leader);
            Assert.NotEqual(leader, next);
            foreach (var broker in brokers.Where(b => !b.Program.HasExited)) Assert.Equal(0, await broker.Stop());
        }
        finally
        {
            brokers.ForEach(b => b.Dispose());
        }
    }

    /// <summary>kcat and our own producer write; the leader dies in the middle; then everything acknowledged must be there.</summary>
    private static async Task ProduceAndKill(List<ServerProcess> brokers, string servers, int leader)
    {
        var before = Kcat.Lines("before", 500);
        await Kcat.Produce(servers, "t", before);
        var during = Kcat.Lines("during", 200_000);
        var kcat = Kcat.Produce(servers, "t", during);
        await using var producer = await KafkaProducer.StartAsync(new ProducerOptions { BootstrapServers = Endpoints(brokers) });
        var own = Enumerable.Range(0, 200).Select(i => producer.SendAsync(new ProducerRecord("t", null, Encoding.UTF8.GetBytes($"own {i}")))).ToList();
        await own[0];
        await brokers[leader - 1].Kill();
        await kcat;
        await Task.WhenAll(own);
        var survivors = string.Join(',', brokers.Where(b => !b.Program.HasExited).Select(b => b.Endpoint));
        var found = (await Kcat.Consume(survivors, "t")).ToHashSet();
        string[] lost = [.. before.Concat(during).Concat(Kcat.Lines("own", 200)).Where(line => !found.Contains(line))];
        Assert.Empty(lost);
    }

    private static async Task<int> AwaitLeader(KafkaAdmin admin, int except)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (DateTime.UtcNow < deadline)
        {
            var partition = (await admin.DescribeAsync(["t"])).Partition(new TopicPartition("t", 0));
            if (partition is { Leader: >= 0 } && partition.Leader != except && partition.InSync.Count >= (except < 0 ? 3 : 2)) return partition.Leader;
        }

        throw new TimeoutException($"No leader other than {except} with enough in-sync replicas within 60 s.");
    }

    private static Task<ServerProcess> Broker(TempDirectory data, string store, int id) => ServerProcess.Start(
        "--node-id", $"{id}", "--port", "0", "--data", data.File($"broker-{id}"), "--zookeeper", store, "--set", "zookeeper.session.timeout.ms=4000");

    private static Endpoint[] Endpoints(List<ServerProcess> brokers) => [.. brokers.Select(b => ClientConfig.ParseEndpoint(b.Endpoint)!.Value)];
}
