using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Coordination;
using Reference.Hosting;
using Simulator.Host;
using Simulator.Platform;
using Tests.Reference.Coordination.Integration;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Integration;

/// <summary>All that two brokers leave in a real ZooKeeper, path by path, and the JSON of what they leave there for a moment only.</summary>
public sealed partial class ZnodeLayoutTests
{
    private const string Expected = """
        /admin
        /admin/delete_topics
        /brokers
        /brokers/ids
        /brokers/ids/1 {"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://127.0.0.1:PORT"],"rack":"r1","jmx_port":-1,"host":"127.0.0.1","timestamp":"TIME","port":PORT,"version":4}
        /brokers/ids/1001 {"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://127.0.0.1:PORT"],"rack":"r2","jmx_port":-1,"host":"127.0.0.1","timestamp":"TIME","port":PORT,"version":4}
        /brokers/seqid
        /brokers/topics
        /brokers/topics/orders {"version":2,"partitions":{"0":[1,1001],"1":[1]},"adding_replicas":{},"removing_replicas":{}}
        /brokers/topics/orders/partitions
        /brokers/topics/orders/partitions/0
        /brokers/topics/orders/partitions/0/state {"controller_epoch":1,"leader":1,"version":1,"leader_epoch":EPOCH,"isr":[1,1001],"isr_epochs":{"1":ZXID,"1001":ZXID}}
        /brokers/topics/orders/partitions/1
        /brokers/topics/orders/partitions/1/state {"controller_epoch":1,"leader":1,"version":1,"leader_epoch":EPOCH,"isr":[1],"isr_epochs":{"1":ZXID}}
        /cluster
        /cluster/id {"version":"1","id":"CLUSTER"}
        /config
        /config/brokers
        /config/changes
        /config/clients
        /config/topics
        /config/topics/orders {"version":1,"config":{"retention.ms":"86400000"}}
        /config/users
        /consumers
        /controller {"version":1,"brokerid":1,"timestamp":"TIME"}
        /controller_epoch 1
        /isr_change_notification
        /latest_producer_id_block {"version":1,"broker":BROKER,"block_start":"0","block_end":"999"}
        /log_dir_event_notification
        """;

    [RequiresProgramFact("kcat", ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task It_is_Kafkas()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        await using var relay = new ZooKeeperRelay(zookeeper.Port);
        using var data = new TempDirectory("layout-");
        await using var node = new HostNode("reader", data.File("reader"), NullLoggerFactory.Instance);
        var client = await node.InvokeAsync(n => Connect(n, $"127.0.0.1:{zookeeper.Port}"));
        await using var first = await Start(relay, data.File("1"), new() { ["broker.id"] = "1", ["broker.rack"] = "r1" });
        var second = await Start(relay, data.File("2"), new() { ["broker.rack"] = "r2" });
        Assert.Equal(1001, second.BrokerId); // the first that /brokers/seqid gives
        await using (var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = [ClientConfig.ParseEndpoint(first.BootstrapServers)!.Value] }))
        {
            var options = new Dictionary<string, string> { ["retention.ms"] = "86400000" };
            await admin.CreateTopicsAsync([new NewTopic("orders", Configuration: options, Assignments: [[1, 1001], [1001, 1]]), new NewTopic("gone", 1, 1)]);
            await admin.DeleteTopicsAsync(["gone"]);
        }

        // Idempotence makes kcat ask for a producer id.
        (await ExternalProgram.Run("kcat", ["-b", first.BootstrapServers, "-P", "-t", "orders", "-p", "0", "-X", "enable.idempotence=true"], "one\n")).Expect0();
        await second.KillAsync();
        await Until(node, client, "/brokers/topics/orders/partitions/0/state", json => json.Contains("\"isr\":[1]", StringComparison.Ordinal));
        second = await Start(relay, data.File("2"), new() { ["broker.rack"] = "r2" });
        await Until(node, client, "/brokers/topics/orders/partitions/0/state", json => json.Contains("\"isr\":[1,1001]", StringComparison.Ordinal));

        // As Kafka's own tools write it; it goes when it is done.
        await node.RunAsync(async _ => await client.Create("/admin/reassign_partitions", Encoding.UTF8.GetBytes("""{"version":1,"partitions":[{"topic":"orders","partition":1,"replicas":[1]}]}""")));
        await Until(node, client, "/admin/reassign_partitions", json => json.Length == 0);
        await node.RunAsync(async _ => await client.Create("/admin/preferred_replica_election", Encoding.UTF8.GetBytes("""{"version":1,"partitions":[{"topic":"orders","partition":1}]}""")));
        await Until(node, client, "/admin/preferred_replica_election", json => json.Length == 0);
        await Until(node, client, "/isr_change_notification", _ => relay.Writes.Any(w => IsrChange().IsMatch(w.Text))); // seconds after the change, as Kafka's
        await Until(node, client, "/isr_change_notification", names => names.Length == 0, children: true);

        Assert.Equal(Expected.ReplaceLineEndings("\n"), string.Join('\n', await node.InvokeAsync(_ => Tree(client))));
        Assert.Contains(relay.Writes, w => w.Text.Contains("/admin/delete_topics/gone", StringComparison.Ordinal));
        await second.StopAsync();
    }

    [GeneratedRegex("""/isr_change_notification/isr_change_.*\{"version":1,"partitions":\[\{"topic":"orders","partition":\d\}""", RegexOptions.Singleline)]
    private static partial Regex IsrChange();

    [GeneratedRegex("""(?<=127\.0\.0\.1:)\d+|(?<="port":)\d+""")]
    private static partial Regex Port();

    [GeneratedRegex("""(?<="timestamp":")\d+""")]
    private static partial Regex Time();

    [GeneratedRegex("""(?<="leader_epoch":)\d+""")]
    private static partial Regex Epoch();

    [GeneratedRegex("""(?<="isr_epochs":\{[^}]*"\d+":)\d+""")]
    private static partial Regex IsrEpochs();

    [GeneratedRegex("""(?<="broker":)\d+""")]
    private static partial Regex Broker();

    [GeneratedRegex("""(?<="id":")[A-Za-z0-9_-]{22}""")]
    private static partial Regex Cluster();

    private static async Task<KafkaBrokerHost> Start(ZooKeeperRelay relay, string directory, Dictionary<string, string> options)
    {
        options["zookeeper.connect"] = relay.ConnectString;
        options["zookeeper.session.timeout.ms"] = "2000";
        options["zookeeper.connection.timeout.ms"] = "20000";
        options["auto.leader.rebalance.enable"] = "false";
        options["controlled.shutdown.enable"] = "false";
        return await KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(directory) { Configuration = options });
    }

    private static async LoopTask<CoordinationClient> Connect(Node node, string servers)
    {
        var client = new CoordinationClient(node, new CoordinationClientOptions(servers));
        await client.Start();
        return client;
    }

    private static Task Until(HostNode node, CoordinationClient client, string path, Func<string, bool> condition, bool children = false) => Eventually.Holds(
        async () => condition(await node.InvokeAsync(_ => children ? Children(client, path) : Read(client, path))), $"{path} becomes as awaited");

    private static async LoopTask<string> Children(CoordinationClient client, string path) => string.Join(',', (await client.GetChildren(path)).Names);

    private static async LoopTask<string> Read(CoordinationClient client, string path)
    {
        try
        {
            return Encoding.UTF8.GetString((await client.GetData(path)).Data);
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NoNode)
        {
            return string.Empty;
        }
    }

    /// <summary>All paths in order with their data; what differs from run to run is replaced by its name.</summary>
    private static async LoopTask<List<string>> Tree(CoordinationClient client)
    {
        var lines = new List<string>();
        var left = new SortedSet<string>(StringComparer.Ordinal) { "/" };
        while (left.Count > 0)
        {
            var path = left.Min!;
            left.Remove(path);
            foreach (var name in (await client.GetChildren(path)).Names.Where(n => n != "zookeeper")) left.Add(path == "/" ? $"/{name}" : $"{path}/{name}");
            if (path == "/") continue;
            var data = await Read(client, path);
            (Regex What, string Name)[] varying = [(Port(), "PORT"), (Time(), "TIME"), (Epoch(), "EPOCH"), (IsrEpochs(), "ZXID"), (Broker(), "BROKER"), (Cluster(), "CLUSTER")];
            foreach (var (what, name) in varying) data = what.Replace(data, name);
            lines.Add($"{path} {data}".TrimEnd());
        }

        return lines;
    }
}
