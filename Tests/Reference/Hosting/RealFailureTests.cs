using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Hosting;
using Reference.Wire;
using Reference.Wire.Messages;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Hosting;

/// <summary>Losses over real sockets and files: a log directory of two, and all replicas that were in sync.</summary>
public sealed class RealFailureTests
{
    [Fact]
    public async Task A_broker_that_loses_one_of_two_log_directories_gives_up_what_stood_there_and_serves_the_rest()
    {
        await using var clients = await ClusterClients.Start(2, Options(("replica.high.watermark.checkpoint.interval.ms", "200")));
        var (lost, kept) = (new TopicPartition("a", 0), new TopicPartition("b", 0));
        foreach (var partition in (TopicPartition[])[lost, kept])
        {
            await clients.Create(partition.Topic, [[1, 2]]);
            await clients.Send(partition, ["before"]);
        }

        var gone = Path.GetDirectoryName(clients.HomeOf(1, lost))!;
        Assert.NotEqual(gone, Path.GetDirectoryName(clients.HomeOf(1, kept)));
        Directory.Move(gone, gone + ".unplugged");
        await File.WriteAllTextAsync(gone, string.Empty); // where a directory was, nothing can be written any more

        await Eventually.Holds(async () => await clients.Describe(lost) is { Leader: 2, InSync: [2] }, "broker 2 leads alone what stood there");
        Assert.True(await clients.Describe(kept) is { Leader: 1 });
        var described = (await RawRequests.Ask<DescribeLogDirsRequest, DescribeLogDirsResponse>(clients.Cluster.AddressOf(1), new DescribeLogDirsRequest { Topics = null }, 1)).Results;
        Assert.Equal(
            clients.Cluster.LogDirectoriesOf(1).Select(d => (d, d == gone ? ErrorCode.KafkaStorageError : ErrorCode.None)).Order(),
            described.Select(d => (d.LogDir, d.ErrorCode)).Order());
        foreach (var partition in (TopicPartition[])[lost, kept])
        {
            await clients.Send(partition, ["after"]);
            Assert.Equal(["before", "after"], await clients.Values(partition));
        }

        Assert.Equal([1, 2], clients.Cluster.RunningBrokers);
    }

    [Fact]
    public async Task Where_no_replica_in_sync_is_left_another_leads_only_by_an_unclean_election_asked_for_or_configured()
    {
        await using var clients = await ClusterClients.Start(3, Options());
        var (asked, configured) = (new TopicPartition("asked", 0), new TopicPartition("configured", 0));
        await clients.Create("asked", [[1, 2]]);
        await clients.Create("configured", [[1, 2]], ("unclean.leader.election.enable", "true"));
        await SendBoth("known to both");
        await clients.Cluster.KillAsync(2);
        await Eventually.Holds(async () => await clients.Describe(asked) is { InSync: [1] } && await clients.Describe(configured) is { InSync: [1] }, "broker 1 is in sync alone");
        await SendBoth("known to broker 1");
        await clients.Cluster.KillAsync(1);
        await clients.Cluster.RestartAsync(2);

        await Eventually.Holds(async () => await clients.Describe(configured) is { Leader: 2 }, "the topic that allows it has a leader again");
        Assert.True(await clients.Describe(asked) is { Leader: -1 });
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, (await clients.Admin.ElectLeadersAsync(ElectionType.Preferred, [asked]))[asked].Code);
        Assert.Empty(await clients.Admin.ElectLeadersAsync(ElectionType.Unclean, [asked]));
        await Eventually.Holds(async () => await clients.Describe(asked) is { Leader: 2 }, "broker 2 leads");
        Assert.Equal(["known to both"], await clients.Values(asked));

        await SendBoth("after");
        await clients.Cluster.RestartAsync(1);
        foreach (var partition in (TopicPartition[])[asked, configured])
        {
            await Eventually.Holds(async () => await clients.Describe(partition) is { Leader: 2, InSync.Count: 2 }, "broker 1 has followed");
            Assert.Equal(["known to both", "after"], await clients.Values(partition));
        }

        async Task SendBoth(string value)
        {
            await clients.Send(asked, [value]);
            await clients.Send(configured, [value]);
        }
    }

    private static KafkaClusterOptions Options(params (string Name, string Value)[] more)
    {
        var configuration = new Dictionary<string, string> { ["auto.create.topics.enable"] = "false", ["auto.leader.rebalance.enable"] = "false" };
        foreach (var (name, value) in more) configuration[name] = value;
        return new KafkaClusterOptions { LogDirectories = 2, Configuration = configuration };
    }
}
