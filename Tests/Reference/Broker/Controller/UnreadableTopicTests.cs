using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>What is asked for topics of which the controller can read nothing, or not all.</summary>
public sealed class UnreadableTopicTests
{
    private const string HalfReadable = """{"version":2,"partitions":{"0":[2,3],"1":[3,3]},"adding_replicas":{},"removing_replicas":{}}""";

    private static readonly TopicPartition s_partition = new("orders", 0);

    /// <summary>Without its znodes nobody would ever tell the brokers, who would serve it on, and bring its records into the next topic of that name.</summary>
    [Theory]
    [InlineData("nonsense", true)]
    [InlineData("nonsense", false)]
    [InlineData(HalfReadable, true)]
    [InlineData(HalfReadable, false)]
    public void A_topic_that_cannot_be_read_is_deleted_when_it_has_been_repaired(string damaged, bool isAskedBeforeTheReign)
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3], [3, 2]);
        var assignment = Encoding.UTF8.GetString(cluster.Ask(z => z.Topic("orders"))!.Encode());
        cluster.Put(KafkaPaths.Topic("orders"), damaged);
        cluster.Brokers[0].Machine.Crash();
        if (isAskedBeforeTheReign) Delete(cluster);
        Assert.DoesNotContain(cluster.Brokers, b => b.IsUp && b.Controller.IsController);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
        if (!isAskedBeforeTheReign) Delete(cluster);
        cluster.RunFor(5);
        Assert.Equal(["orders"], cluster.Ask(z => z.TopicsToDelete()));
        Assert.Equal(["orders"], cluster.Ask(z => z.Topics()));
        Assert.True(cluster.Stands(KafkaPaths.PartitionState(new("orders", 1))));
        Assert.All(cluster.Brokers, b => Assert.Empty(b.Deleted));
        cluster.Put(KafkaPaths.Topic("orders"), assignment);
        cluster.Until(() => cluster.Ask(z => z.Topics()).Count == 0 && cluster.Ask(z => z.TopicsToDelete()).Count == 0, "the topic is gone");
        Assert.All(cluster.Brokers.Skip(1), b => Assert.Equal(2, b.Deleted.Count));
    }

    /// <summary>The repair is found while the controller looks for new topics.</summary>
    [Fact]
    public void A_topic_that_is_repaired_while_others_are_made_is_deleted_as_wished()
    {
        var cluster = Started();
        cluster.Put(KafkaPaths.Topic("orders"), "nonsense");
        Delete(cluster);
        cluster.RunFor(2);
        Assert.Equal(["orders"], cluster.Ask(z => z.TopicsToDelete()));
        cluster.Put(KafkaPaths.Topic("orders"), """{"version":2,"partitions":{"0":[2]},"adding_replicas":{},"removing_replicas":{}}""");
        cluster.CreateTopic("users", [2, 3]);
        cluster.Until(() => cluster.Ask(z => z.TopicsToDelete()).Count == 0, "the wish is gone");
        Assert.Equal(["users"], cluster.Ask(z => z.Topics()));
        Assert.Contains(s_partition, cluster.Brokers[1].Deleted);
    }

    /// <summary>The znode has that partition already: nothing would be written, and who asked would wait for it in vain.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_topic_of_which_a_partition_cannot_be_read_gets_no_more(int count)
    {
        var cluster = Started();
        cluster.Put(KafkaPaths.Topic("orders"), HalfReadable);
        cluster.Until(() => cluster.State(s_partition) is { Leader: 2 }, "the sound partition has a leader");
        var outcome = cluster.AskController(c => c.AddPartitions(new CreatePartitionsRequest.CreatePartitionsTopic { Name = "orders", Count = count }, validateOnly: false));
        Assert.Equal(ErrorCode.InvalidPartitions, outcome.Error);
        Assert.Contains("Partition 1 is left alone: The replicas [3, 3] name a broker twice.", outcome.Message, System.StringComparison.Ordinal);
        Assert.Equal(2, cluster.Ask(z => z.Topic("orders"))!.Partitions.Count);
    }

    [Fact]
    public void A_reassignment_for_which_the_topics_znode_has_no_room_is_refused_with_its_reason()
    {
        var cluster = Started();
        var filling = string.Join(',', Enumerable.Repeat("3", (TopicZnode.MaxBytes / 2) - 50));
        cluster.Put(KafkaPaths.Topic("orders"), $$$"""{"version":2,"partitions":{"0":[2],"1":[{{{filling}}}]},"adding_replicas":{},"removing_replicas":{}}""");
        cluster.Until(() => cluster.State(s_partition) is { Leader: 2 }, "the sound partition has a leader");
        var outcome = cluster.AskController(c => c.AlterReassignment(s_partition, [1, 3]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, outcome.Error);
        Assert.Contains("bytes", outcome.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_whose_state_cannot_be_read_is_not_moved()
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Put(KafkaPaths.PartitionState(s_partition), "nonsense");
        var outcome = cluster.AskController(c => c.AlterReassignment(s_partition, [1, 3]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, outcome.Error);
        Assert.Equal([2, 3], cluster.Ask(z => z.Topic("orders"))!.Partitions[0]);
    }

    private static void Delete(ControllerCluster cluster) => cluster.Ask(async z =>
    {
        await z.RequestTopicDeletion("orders");
        return true;
    });

    private static ControllerCluster Started()
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        return cluster;
    }
}
