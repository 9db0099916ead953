using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>Reassignments by request and by znode, over the embedded store, with brokers that only note what they are told.</summary>
public sealed class ReassignmentTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    [Fact]
    public void A_partition_gets_its_new_replicas_waits_for_them_and_then_lets_the_old_ones_go()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [1, 2]);
        Assert.Equal(ErrorCode.None, Reassign(cluster, [3, 4]).Error);
        Assert.Equal("[3,4,1,2] adding [3,4] removing [1,2]", Assignment(cluster));
        cluster.Until(() => cluster.Brokers[2].Told.ContainsKey(s_partition) && cluster.Brokers[3].Told.ContainsKey(s_partition), "the new replicas are told");
        var told = cluster.Brokers[2].Told[s_partition];
        Assert.True(told.IsNew);
        Assert.Equal((1, "3,4,1,2", "3,4", "1,2"), (told.Leader, Text(told.Replicas), Text(told.AddingReplicas), Text(told.RemovingReplicas)));
        Assert.False(cluster.Brokers[0].Told[s_partition].IsNew);
        cluster.Join(s_partition, 3);
        cluster.RunFor(2);
        Assert.Equal("[3,4,1,2] adding [3,4] removing [1,2]", Assignment(cluster));
        Assert.Equal([(s_partition, "[3,4,1,2] adding [3,4] removing [1,2]")], Listed(cluster));
        cluster.Join(s_partition, 4);
        cluster.Until(() => Assignment(cluster) == "[3,4]", "the old replicas have left");
        var state = cluster.State(s_partition)!;
        Assert.Equal((3, "3,4"), (state.Leader, Text(state.Isr)));
        cluster.Until(() => cluster.Brokers[0].Deleted.Contains(s_partition) && cluster.Brokers[1].Deleted.Contains(s_partition), "the old replicas are deleted");
        cluster.Until(() => cluster.Brokers[3].Told[s_partition] is { Leader: 3, AddingReplicas.Count: 0 } last && Text(last.Replicas) == "3,4", "the new ones know");
        Assert.Empty(Listed(cluster));
    }

    [Fact]
    public void Wishes_in_the_znode_are_carried_out_and_taken_away_those_that_cannot_be_at_once()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [1, 2], [2, 3], [1, 3]);
        cluster.CreateTopic("twice", [1]);
        cluster.LetReplicasCatchUp(s_partition);
        Assert.True(cluster.Ask(z => z.RequestReassignments(
        [
            new(s_partition, [3, 1]),
            new(new("orders", 1), [3, 3]),
            new(new("orders", 2), [1, -3]),
            new(new("orders", 9), [1]),
            new(new("nothing", 0), [1]),
            new(new("orders", 2), [9, 1]),
            new(new("twice", 0), [2]),
            new(new("twice", 0), [3]),
        ])));
        cluster.Until(() => Assignment(cluster) == "[3,1]" && !cluster.Stands(KafkaPaths.ReassignPartitions), "the wish is fulfilled and gone");
        Assert.Equal([2, 3], cluster.Ask(z => z.Topic("orders"))!.Partitions[1]);
        Assert.Equal([1, 3], cluster.Ask(z => z.Topic("orders"))!.Partitions[2]);
        Assert.Equal([1], cluster.Ask(z => z.Topic("twice"))!.Partitions[0]);
        Assert.Equal(1, cluster.State(s_partition)!.Leader); // which stays among the replicas, and so leads on
    }

    [Theory]
    [InlineData("""{"version":1,"partitions":[{"topic":"orders","partition":0}]}""")]
    [InlineData("nonsense")]
    [InlineData("""{"version":1,"partitions":[]}""")]
    public void Malformed_wishes_are_taken_away_and_the_next_ones_are_heard(string data)
    {
        var cluster = Started(2);
        cluster.CreateTopic("orders", [1]);
        cluster.LetReplicasCatchUp(s_partition);
        cluster.Put(KafkaPaths.ReassignPartitions, data);
        cluster.Until(() => !cluster.Stands(KafkaPaths.ReassignPartitions), "the nonsense is gone");
        Assert.True(cluster.Ask(z => z.RequestReassignments([new(s_partition, [2])])));
        cluster.Until(() => Assignment(cluster) == "[2]" && !cluster.Stands(KafkaPaths.ReassignPartitions), "the wish is fulfilled");
    }

    [Fact]
    public void Each_malformed_wish_is_refused_with_its_reason()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [1, 2]);
        cluster.Brokers[2].Machine.Crash();
        cluster.Until(() => cluster.Controller.Controller.LiveBrokers.Count == 2, "broker 3 is missed");
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, []).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, [1, 1]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, [1, -1]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, [1, 9]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, [1, 3]).Error);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign(cluster, null).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.AskController(c => c.AlterReassignment(new("orders", 7), [1])).Error);
        Assert.Equal("[1,2]", Assignment(cluster));
    }

    [Fact]
    public void A_reassignment_that_is_given_up_leaves_the_old_replicas_and_deletes_the_new_ones()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [1, 2]);
        Reassign(cluster, [3, 4]);
        cluster.Join(s_partition, 3);
        Assert.Equal(ErrorCode.None, Reassign(cluster, null).Error);
        Assert.Equal("[1,2]", Assignment(cluster));
        Assert.Equal("1,2", Text(cluster.State(s_partition)!.Isr));
        cluster.Until(() => cluster.Brokers[2].Deleted.Contains(s_partition) && cluster.Brokers[3].Deleted.Contains(s_partition), "the new replicas are deleted");
        cluster.Until(() => cluster.Brokers[0].Told[s_partition].AddingReplicas.Count == 0, "the leader knows");
        Assert.Empty(Listed(cluster));
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign(cluster, null).Error);
    }

    [Fact]
    public void A_reassignment_overrides_the_one_before_and_a_request_the_wish_of_a_znode()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [1, 2]);
        Assert.True(cluster.Ask(z => z.RequestReassignments([new(s_partition, [3, 2])])));
        cluster.Until(() => Assignment(cluster) == "[3,2,1] adding [3] removing [1]", "the wish is heard");
        Assert.Equal(ErrorCode.None, Reassign(cluster, [4, 2]).Error);
        Assert.Equal("[4,2,1] adding [4] removing [1]", Assignment(cluster));
        Assert.False(cluster.Stands(KafkaPaths.ReassignPartitions));
        cluster.Until(() => cluster.Brokers[2].Deleted.Contains(s_partition), "what the first one added is deleted");
        cluster.Join(s_partition, 4);
        cluster.Until(() => Assignment(cluster) == "[4,2]", "the second one is done");
        Assert.Equal(4, cluster.State(s_partition)!.Leader);
    }

    /// <summary>A broker with a failed log directory makes only such replicas anew of which it has first heard that they are.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_an_overriding_reassignment_adds_hears_first_that_it_is_new(bool leadMustMove)
    {
        var cluster = Started(5);
        cluster.CreateTopic("orders", [2, 3]);
        Reassign(cluster, [4, 1]);
        if (leadMustMove)
        {
            var state = cluster.State(s_partition)!;
            Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { Leader = 4, Isr = [4, 3] })).Updated);
        }

        Assert.Equal(ErrorCode.None, Reassign(cluster, [5, 3]).Error);
        cluster.Until(() => cluster.Brokers[4].Told.ContainsKey(s_partition), "the new replica is told");
        cluster.RunFor(1);
        Assert.All(cluster.Brokers[4].Received.OfType<LeaderAndIsrRequest>().SelectMany(r => r.TopicStates).SelectMany(t => t.PartitionStates), s => Assert.True(s.IsNew));
        Assert.False(cluster.Brokers[2].Told[s_partition].IsNew);
    }

    /// <summary>The old replicas need not all be in sync for that, no more than when it was asked for.</summary>
    [Fact]
    public void A_controller_that_takes_over_while_one_is_given_up_brings_that_to_its_end_though_an_old_replica_is_down()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [2, 3]);
        Reassign(cluster, [4]);
        cluster.Brokers[2].Machine.Crash();
        cluster.Until(() => cluster.State(s_partition) is { Leader: 2, Isr: [2] }, "broker 3 is missed");
        cluster.Put(KafkaPaths.Topic("orders"), """{"version":2,"partitions":{"0":[2,3,4]},"adding_replicas":{"0":[4]},"removing_replicas":{"0":[4]}}""");
        cluster.Brokers[0].Machine.Crash();
        cluster.Until(() => cluster.Brokers.Exists(b => b.IsUp && b.Controller.IsController), "another reigns");
        cluster.Until(() => Assignment(cluster) == "[2,3]", "it is given up");
        cluster.Until(() => cluster.Brokers[3].Deleted.Contains(s_partition), "the new replica is deleted");
        Assert.Equal((2, "2"), (cluster.State(s_partition)!.Leader, Text(cluster.State(s_partition)!.Isr)));
    }

    [Fact]
    public void A_leader_among_the_new_replicas_hands_over_when_the_reassignment_is_given_up()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [1, 2]);
        Reassign(cluster, [3, 4]);
        var state = cluster.State(s_partition)!;
        cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { Leader = 3, Isr = [3, 2] })); // as after an election in between
        Assert.Equal(ErrorCode.None, Reassign(cluster, null).Error);
        Assert.Equal((2, "2"), (cluster.State(s_partition)!.Leader, Text(cluster.State(s_partition)!.Isr)));
    }

    [Fact]
    public void It_is_not_given_up_where_only_a_new_replica_is_in_sync()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [1, 2]);
        Reassign(cluster, [3, 4]);
        var state = cluster.State(s_partition)!;
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { Leader = 3, Isr = [3] })).Updated);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(cluster, null).Error);
        Assert.DoesNotContain(s_partition, cluster.Brokers[2].Deleted);
        Assert.Equal([3], cluster.State(s_partition)!.Isr);
    }

    [Fact]
    public void A_topic_is_deleted_when_its_reassignment_is_done()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [1, 2]);
        Reassign(cluster, [2, 3]);
        cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion("orders");
            return true;
        });
        cluster.RunFor(3);
        Assert.Equal("[2,3,1] adding [3] removing [1]", Assignment(cluster));
        Assert.Equal(1, cluster.State(s_partition)!.Leader);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Reassign(cluster, [1, 2]).Error);
        cluster.Join(s_partition, 3);
        cluster.Until(() => cluster.Ask(z => z.Topics()).Count == 0, "the topic is gone");
        cluster.Until(() => cluster.Brokers.All(b => b.Deleted.Contains(s_partition)), "all replicas are deleted");
    }

    [Fact]
    public void A_new_replica_that_dies_is_waited_for()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [1, 2]);
        Reassign(cluster, [1, 3]);
        cluster.Brokers[2].Machine.Crash();
        cluster.Until(() => cluster.Controller.Controller.LiveBrokers.Count == 2, "broker 3 is missed");
        cluster.Brokers[2].Machine.Restart();
        cluster.LetReplicasCatchUp(s_partition);
        cluster.Until(() => Assignment(cluster) == "[1,3]", "it is done");
        Assert.Equal("1,3", Text(cluster.State(s_partition)!.Isr));
    }

    public static TheoryData<int, bool> Moments()
    {
        var data = new TheoryData<int, bool>();
        for (var millis = 0; millis <= 60; millis += 4)
        {
            data.Add(millis, false);
            data.Add(millis, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_controller_that_takes_over_at_any_moment_brings_it_to_its_end(int millis, bool givesUp)
    {
        var cluster = new ControllerCluster(5, (ulong)millis + 1);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.LetReplicasCatchUp(s_partition);
        Reassign(cluster, [4, 5]);
        if (givesUp)
        {
            cluster.Until(() => cluster.State(s_partition)!.Isr.Count == 3, "a new replica has joined");
            Spawn(cluster, null);
        }

        cluster.World.Schedule(TimeSpan.FromMilliseconds(millis), cluster.Brokers[0].Machine.Crash);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
        cluster.Until(() => Assignment(cluster) is "[4,5]" or "[2,3]", "it is done or given up");
        if (!givesUp) Assert.Equal("[4,5]", Assignment(cluster));
        cluster.RunFor(2);
        var (state, replicas) = (cluster.State(s_partition)!, cluster.Ask(z => z.Topic("orders"))!.Partitions[0]);
        Assert.Contains(state.Leader, replicas);
        Assert.Equal(replicas.Order(), state.Isr.Order());
        Assert.All(cluster.Brokers.Where(b => b.IsUp && !replicas.Contains(b.Id) && b.Told.ContainsKey(s_partition)), b => Assert.Contains(s_partition, b.Deleted));
        Assert.All(cluster.Brokers.Where(b => replicas.Contains(b.Id)), b => Assert.Equal(state.LeaderEpoch, b.Told[s_partition].LeaderEpoch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_controller_that_loses_its_session_midway_leaves_the_rest_to_another_and_writes_nothing_more(ulong seed)
    {
        var cluster = new ControllerCluster(4, seed);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        Spawn(cluster, [3, 4]);
        cluster.World.Schedule(TimeSpan.FromMilliseconds(2 * seed), () => cluster.Brokers[0].Machine.Freeze(TimeSpan.FromSeconds(20)));
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
        cluster.Until(() => !cluster.Brokers[0].Controller.IsController, "the old one has woken and resigned");
        var epoch = cluster.Controller.Controller.ControllerEpoch;
        if (Assignment(cluster) == "[2,3]") Reassign(cluster, [3, 4]); // the wish had not been written down
        cluster.LetReplicasCatchUp(s_partition);
        cluster.Until(() => Assignment(cluster) == "[3,4]", "it is done");
        Assert.True(cluster.State(s_partition)!.ControllerEpoch >= epoch);
    }

    private static ControllerCluster Started(int brokers)
    {
        var cluster = new ControllerCluster(brokers);
        cluster.StartAll();
        return cluster;
    }

    private static RequestOutcome Reassign(ControllerCluster cluster, int[]? target) => cluster.AskController(c => c.AlterReassignment(s_partition, target));

    private static void Spawn(ControllerCluster cluster, int[]? target)
    {
        var machine = cluster.Controller.Machine;
        var controller = cluster.Controller.Controller;
        machine.Invoke(() => machine.Process!.Node.Spawn(controller.AlterReassignment(s_partition, target).AsVoid()));
    }

    private static string Assignment(ControllerCluster cluster)
    {
        var topic = cluster.Ask(z => z.Topic("orders"))!;
        return new PartitionAssignment(topic.Partitions[0], topic.AddingReplicas.GetValueOrDefault(0, []), topic.RemovingReplicas.GetValueOrDefault(0, [])).ToString();
    }

    private static IEnumerable<(TopicPartition, string)> Listed(ControllerCluster cluster) =>
        cluster.AskController(c => c.Reassignments())!.Select(r => (r.Partition, r.Assignment.ToString()));

    private static string Text(IReadOnlyList<int> ids) => string.Join(',', ids);
}
