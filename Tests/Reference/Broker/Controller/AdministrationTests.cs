using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>Elections and partitions that are asked for, failed log directories, and znodes that cannot be read.</summary>
public sealed class AdministrationTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    [Fact]
    public void Preferred_leaders_are_elected_when_asked_for_and_each_refusal_has_its_reason()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3], [3, 2], [2, 1]);
        MoveLeadFrom(cluster, 2);
        cluster.Join(s_partition, 2);
        var results = Elect(cluster, ElectionStrategy.Preferred, s_partition, new("orders", 1), new("orders", 2), new("orders", 9));
        Assert.Equal((ErrorCode.None, 2), (results[s_partition].Outcome.Error, results[s_partition].Leader));
        Assert.Equal(ErrorCode.ElectionNotNeeded, results[new("orders", 1)].Outcome.Error);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, results[new("orders", 2)].Outcome.Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, results[new("orders", 9)].Outcome.Error);
        Assert.Equal(2, cluster.State(s_partition)!.Leader);
        Assert.Equal([new TopicPartition("orders", 2)], cluster.AskController(c => c.ElectLeaders(null, ElectionStrategy.Preferred))!.Keys);
    }

    [Theory]
    [InlineData("""{"version":1,"partitions":[{"topic":"orders","partition":0},{"topic":"nothing","partition":7}]}""", 2)]
    [InlineData("""{"version":1}""", 3)]
    [InlineData("[]", 3)]
    public void The_znode_of_preferred_elections_is_heard_and_taken_away(string data, int leader)
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3]);
        MoveLeadFrom(cluster, 2);
        cluster.Join(s_partition, 2);
        cluster.Put(KafkaPaths.PreferredReplicaElection, data);
        cluster.Until(() => !cluster.Stands(KafkaPaths.PreferredReplicaElection), "it is taken away");
        Assert.Equal(leader, cluster.State(s_partition)!.Leader);
        Assert.True(cluster.Ask(z => z.RequestPreferredElections([s_partition])));
        cluster.Until(() => cluster.State(s_partition)!.Leader == 2, "the next wish is heard");
    }

    [Fact]
    public void An_unclean_leader_is_elected_only_when_asked_for_and_alone_in_the_ISR()
    {
        var cluster = WithoutLeader();
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(cluster, ElectionStrategy.Preferred, s_partition)[s_partition].Outcome.Error);
        Assert.Equal(PartitionStateZnode.NoLeader, cluster.State(s_partition)!.Leader);
        Assert.Equal(3, Elect(cluster, ElectionStrategy.Unclean, s_partition)[s_partition].Leader);
        Assert.Equal([3], cluster.State(s_partition)!.Isr);
        Assert.Equal(ErrorCode.ElectionNotNeeded, Elect(cluster, ElectionStrategy.Unclean, s_partition)[s_partition].Outcome.Error);
    }

    [Fact]
    public void Nobody_is_elected_where_no_replica_lives()
    {
        var cluster = WithoutLeader();
        cluster.Brokers[2].Machine.Crash();
        cluster.Until(() => cluster.Controller.Controller.LiveBrokers.Count == 1, "broker 3 is missed");
        Assert.Equal(ErrorCode.EligibleLeadersNotAvailable, Elect(cluster, ElectionStrategy.Unclean, s_partition)[s_partition].Outcome.Error);
    }

    [Fact]
    public void An_unclean_leader_is_elected_at_the_moment_the_topic_allows_it()
    {
        var cluster = WithoutLeader();
        SetConfig(cluster, "orders", ("unclean.leader.election.enable", "false"));
        cluster.Controller.Machine.Invoke(() => cluster.Controller.Controller.TopicConfigChanged("orders"));
        cluster.RunFor(2);
        Assert.Equal(PartitionStateZnode.NoLeader, cluster.State(s_partition)!.Leader);
        SetConfig(cluster, "orders", ("unclean.leader.election.enable", "true"));
        cluster.Controller.Machine.Invoke(() => cluster.Controller.Controller.TopicConfigChanged("orders"));
        cluster.Until(() => cluster.State(s_partition)!.Leader == 3, "the other replica leads");
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData("false", PartitionStateZnode.NoLeader)]
    public void Unclean_leaders_are_elected_at_the_moment_all_brokers_are_told_to_unless_the_topic_forbids_it(string? ofTopic, int leader)
    {
        var cluster = WithoutLeader();
        if (ofTopic is not null) SetConfig(cluster, "orders", ("unclean.leader.election.enable", ofTopic));
        Set("false");
        Assert.Equal(PartitionStateZnode.NoLeader, cluster.State(s_partition)!.Leader);
        Set("true");
        Assert.Equal(leader, cluster.State(s_partition)!.Leader);

        void Set(string value)
        {
            cluster.Put("/config/brokers/<default>", $$$"""{"version":1,"config":{"unclean.leader.election.enable":"{{{value}}}"}}""");
            cluster.Controller.Machine.Invoke(cluster.Controller.Controller.BrokerOptionsChanged);
            cluster.RunFor(2);
        }
    }

    /// <summary>They are read once for all topics that say nothing of their own, and not at all for the others.</summary>
    [Fact]
    public void Options_of_all_brokers_that_cannot_be_read_are_named_once_and_allow_nothing()
    {
        var cluster = Started(3);
        string[] silent = ["orders", "payments", "stock"];
        foreach (var topic in silent.Append("bold"))
        {
            cluster.CreateTopic(topic, [2, 3]);
            LeaveAlone(cluster, new(topic, 0), 2);
        }

        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.State(new("stock", 0))!.Leader == PartitionStateZnode.NoLeader, "nobody leads");
        SetConfig(cluster, "bold", ("unclean.leader.election.enable", "true"));
        cluster.Put("/config/brokers/<default>", "nonsense");
        cluster.World.Trace.KeepAll();
        cluster.Controller.Machine.Invoke(cluster.Controller.Controller.BrokerOptionsChanged);
        cluster.Until(() => cluster.State(new("bold", 0))!.Leader == 3, "the topic that allows it has a leader");
        Assert.Contains("/config/brokers/<default>", Assert.Single(cluster.World.Trace.Lines, l => l.Kind == "log" && l.Text.Contains("unclean leader", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.All(silent, topic => Assert.Equal(PartitionStateZnode.NoLeader, cluster.State(new(topic, 0))!.Leader));
    }

    [Fact]
    public void A_broker_that_allows_unclean_leaders_elects_one_unless_the_topic_forbids_it()
    {
        var cluster = new ControllerCluster(3);
        foreach (var broker in cluster.Brokers) broker.Config = broker.Config with { UncleanLeaderElection = true };
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.CreateTopic("careful", [2, 3]);
        SetConfig(cluster, "careful", ("unclean.leader.election.enable", "false"));
        LeaveAlone(cluster, s_partition, 2);
        LeaveAlone(cluster, new("careful", 0), 2);
        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.State(s_partition) is { Leader: 3, Isr: [3] }, "the other replica leads");
        cluster.Until(() => cluster.State(new("careful", 0)) is { Leader: PartitionStateZnode.NoLeader, Isr: [2] }, "the other topic has no leader");
        cluster.RunFor(5);
        Assert.Equal(PartitionStateZnode.NoLeader, cluster.State(new("careful", 0))!.Leader);
    }

    [Fact]
    public void Partitions_are_added_with_leaders_spread_or_as_assigned()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3]);
        Assert.Equal(ErrorCode.None, Add(cluster, "orders", 4).Error);
        cluster.Until(() => cluster.State(new("orders", 3)) is { Leader: > 0 }, "the new partitions have leaders");
        var partitions = cluster.Ask(z => z.Topic("orders"))!.Partitions;
        Assert.Equal(["2,3", "3,2", "1,3", "2,3"], partitions.Values.Select(r => string.Join(',', r)));
        Assert.Equal(ErrorCode.None, Add(cluster, "orders", 5, [3, 1]).Error);
        Assert.Equal([3, 1], cluster.Ask(z => z.Topic("orders"))!.Partitions[4]);
        Assert.Equal(ErrorCode.None, cluster.AskController(c => c.AddPartitions(new() { Name = "orders", Count = 9, Assignments = null }, validateOnly: true)).Error);
        Assert.Equal(5, cluster.Ask(z => z.Topic("orders"))!.Partitions.Count);
    }

    [Fact]
    public void Wrong_counts_and_assignments_are_refused()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3], [3, 2]);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Add(cluster, "nothing", 4).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, Add(cluster, "orders", 2).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, Add(cluster, "orders", 1).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, Add(cluster, "orders", 90_000).Error); // would make a znode that the store refuses
        Assert.Equal(ErrorCode.InvalidPartitions, Add(cluster, "orders", int.MaxValue).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Add(cluster, "orders", 4, [1, 2]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Add(cluster, "orders", 3, [1]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Add(cluster, "orders", 3, [1, 1]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Add(cluster, "orders", 3, [1, 9]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Add(cluster, "orders", 3, [-1, 1]).Error);
        cluster.AskController(c => c.AlterReassignment(s_partition, [1, 2]));
        Assert.Equal(ErrorCode.ReassignmentInProgress, Add(cluster, "orders", 3).Error);
        Assert.Equal(2, cluster.Ask(z => z.Topic("orders"))!.Partitions.Count);
    }

    [Fact]
    public void Partitions_are_not_spread_where_only_some_brokers_say_where_they_stand()
    {
        var cluster = new ControllerCluster(3);
        cluster.Brokers[1].Rack = "a";
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        var refused = Add(cluster, "orders", 2);
        Assert.Equal(ErrorCode.UnknownServerError, refused.Error);
        Assert.Contains("[1, 3]", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.None, Add(cluster, "orders", 2, [3, 2]).Error);
    }

    [Fact]
    public void Replicas_in_a_failed_log_directory_go_offline_and_the_topics_stay_usable()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3], [2, 1]);
        cluster.Brokers[1].Failed.Add(s_partition);
        cluster.Ask(async z =>
        {
            await z.PropagateLogDirEvent(2);
            return true;
        });
        cluster.Until(() => cluster.State(s_partition) is { Leader: 3, Isr: [3] }, "the other replica leads");
        Assert.Equal((2, "2,1"), (cluster.State(new("orders", 1))!.Leader, string.Join(',', cluster.State(new("orders", 1))!.Isr)));
        cluster.Until(() => cluster.Ask(z => z.LogDirEvents()).Count == 0, "the notification is taken away");
        cluster.Until(() => LastState(cluster.Brokers[0], s_partition) is { OfflineReplicas: [2] }, "all know that the replica is offline");
    }

    [Fact]
    public void A_deletion_waits_for_a_failed_log_directory_until_its_broker_returns_with_a_good_one()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Brokers[1].Failed.Add(s_partition);
        cluster.Ask(async z =>
        {
            await z.PropagateLogDirEvent(2);
            return true;
        });
        cluster.Until(() => cluster.State(s_partition)!.Leader == 3, "the other replica leads");
        cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion("orders");
            return true;
        });
        cluster.RunFor(5);
        Assert.Contains("orders", cluster.Ask(z => z.Topics()));
        cluster.Brokers[1].Failed.Clear();
        cluster.Brokers[1].Machine.Crash();
        cluster.Brokers[1].Machine.Restart();
        cluster.Until(() => cluster.Ask(z => z.Topics()).Count == 0, "the topic is gone");
        Assert.Contains(s_partition, cluster.Brokers[1].Deleted);
    }

    [Fact]
    public void With_deletion_switched_off_the_wish_is_taken_away_and_the_topic_stays()
    {
        var cluster = new ControllerCluster(2);
        foreach (var broker in cluster.Brokers) broker.Config = broker.Config with { DeleteTopics = false };
        cluster.StartAll();
        cluster.CreateTopic("orders", [1, 2]);
        cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion("orders");
            return true;
        });
        cluster.Until(() => cluster.Ask(z => z.TopicsToDelete()).Count == 0, "the wish is gone");
        Assert.Equal(1, cluster.State(s_partition)!.Leader);
    }

    [Fact]
    public void With_deletion_switched_off_a_wish_made_while_nobody_reigned_is_taken_away_too()
    {
        var cluster = new ControllerCluster(3);
        foreach (var broker in cluster.Brokers) broker.Config = broker.Config with { DeleteTopics = false };
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Brokers[0].Machine.Crash();
        cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion("orders");
            return true;
        });
        Assert.DoesNotContain(cluster.Brokers, b => b.IsUp && b.Controller.IsController);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
        cluster.Until(() => cluster.Ask(z => z.TopicsToDelete()).Count == 0, "the wish is gone");
        cluster.RunFor(5);
        Assert.Contains("orders", cluster.Ask(z => z.Topics()));
        Assert.All(cluster.Brokers, b => Assert.Empty(b.Deleted));
    }

    [Fact]
    public void Znodes_that_cannot_be_read_are_left_alone_and_the_rest_goes_on()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3]);
        cluster.CreateTopic("broken", [2, 3]);
        cluster.Put(KafkaPaths.PartitionState(new("broken", 0)), "nonsense");
        cluster.Put(KafkaPaths.TopicConfig("orders"), "nonsense");
        cluster.Put(KafkaPaths.Broker(77), """{"endpoints":[7]}""");
        cluster.Put(KafkaPaths.Topic("odd"), """{"version":2,"partitions":{"0":[1,1],"1":[-1],"2":[],"3":[2,3],"4":[2]},"adding_replicas":{"4":[9]},"removing_replicas":{}}""");
        cluster.Put(KafkaPaths.Topic("nonsense"), """{"partitions":{"zero":[1]}}""");
        cluster.Put(KafkaPaths.LogDirEventPrefix + "0000000001", "nonsense");
        cluster.Put(KafkaPaths.IsrChangePrefix + "0000000001", "nonsense");
        cluster.Until(() => cluster.State(new("odd", 3)) is { Leader: 2 }, "the sound partition has a leader");
        cluster.Brokers[0].Machine.Crash();
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.Brokers[2].Controller.IsController && cluster.State(s_partition) is { Leader: 3 }, "the sound topic has a leader");
        Assert.Equal(3, cluster.State(new("odd", 3))!.Leader);
        Assert.Null(cluster.State(new("odd", 0)));
        Assert.Null(cluster.State(new("odd", 4)));
        cluster.Put(KafkaPaths.Topic("nonsense"), """{"partitions":{"one":[3]}}""");
        cluster.RunFor(1);
        cluster.Put(KafkaPaths.Topic("nonsense"), """{"version":2,"partitions":{"0":[3]},"adding_replicas":{},"removing_replicas":{}}""");
        cluster.Put(KafkaPaths.Topic("odd"), """{"version":2,"partitions":{"0":[3],"3":[2,3]},"adding_replicas":{},"removing_replicas":{}}""");
        cluster.Until(() => cluster.State(new("nonsense", 0)) is { Leader: 3 } && cluster.State(new("odd", 0)) is { Leader: 3 }, "what was repaired has leaders");
    }

    [Fact]
    public void A_topic_that_could_not_be_read_for_a_while_is_led_on_and_gets_another_leader_for_one_who_has_gone()
    {
        var cluster = Started(4);
        cluster.CreateTopic("orders", [3, 4], [2, 4]);
        var assignment = Encoding.UTF8.GetString(cluster.Ask(z => z.Topic("orders"))!.Encode());
        cluster.Put(KafkaPaths.Topic("orders"), "nonsense");
        cluster.Brokers[0].Machine.Crash();
        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.Brokers.Skip(2).Any(b => b.Controller.IsController), "another reigns");
        cluster.Until(() => cluster.Controller.Controller.LiveBrokers.SequenceEqual([3, 4]), "broker 2 is missed");
        cluster.RunFor(2);
        var led = cluster.State(s_partition)!;
        Assert.Equal((3, 2), (led.Leader, cluster.State(new("orders", 1))!.Leader));
        cluster.Put(KafkaPaths.Topic("orders"), assignment);
        cluster.Until(() => cluster.State(new("orders", 1)) is { Leader: 4, Isr: [4] }, "the other replica leads");
        cluster.Until(() => cluster.State(s_partition) is { Leader: 3, Isr: [3, 4] } s && s.LeaderEpoch > led.LeaderEpoch, "the leader that has stayed leads on in an epoch of this reign");
        cluster.Until(() => LastState(cluster.Brokers[2], s_partition) is { Leader: 3 } && LastState(cluster.Brokers[2], new("orders", 1)) is { Leader: 4 }, "all know");
    }

    [Fact]
    public void A_state_that_cannot_be_read_deposes_nobody_when_its_ISR_is_said_to_have_changed()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3], [3, 2]);
        cluster.Put(KafkaPaths.PartitionState(s_partition), "nonsense");
        LeaveAlone(cluster, new("orders", 1), 3);
        cluster.Ask(async z =>
        {
            await z.PropagateIsrChanges([s_partition, new("orders", 1)]);
            return true;
        });
        cluster.Until(() => LastState(cluster.Brokers[1], new("orders", 1)) is { Isr: [3] }, "the other change is told");
        cluster.Until(() => cluster.Ask(z => z.IsrChanges()).Count == 0, "the notification is taken away");
        Assert.Equal((1, 1), (cluster.Controller.Id, cluster.Ask(z => z.ControllerEpoch()).Epoch));
    }

    private static void SetConfig(ControllerCluster cluster, string topic, (string Name, string Value) option) => cluster.Ask(async z =>
    {
        await z.SetTopicConfig(topic, new(StringComparer.Ordinal) { [option.Name] = option.Value });
        return true;
    });

    private static IReadOnlyDictionary<TopicPartition, ElectionResult> Elect(ControllerCluster cluster, ElectionStrategy strategy, params TopicPartition[] partitions) =>
        cluster.AskController(c => c.ElectLeaders(partitions, strategy))!;

    private static RequestOutcome Add(ControllerCluster cluster, string topic, int count, params int[][] assignments) => cluster.AskController(c => c.AddPartitions(
        new CreatePartitionsRequest.CreatePartitionsTopic
        {
            Name = topic,
            Count = count,
            Assignments = assignments.Length == 0 ? null : [.. assignments.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] })],
        },
        validateOnly: false));

    /// <summary>A broker is relieved of its leads, and bounces so that it may lead again.</summary>
    private static void MoveLeadFrom(ControllerCluster cluster, int broker)
    {
        cluster.Brokers[broker - 1].Machine.Crash();
        cluster.Until(() => !cluster.Controller.Controller.LiveBrokers.Contains(broker), "it is missed");
        cluster.Brokers[broker - 1].Machine.Restart();
        cluster.Until(() => cluster.Controller.Controller.LiveBrokers.Contains(broker), "it is back");
    }

    private static void LeaveAlone(ControllerCluster cluster, TopicPartition partition, int leader)
    {
        var alone = cluster.State(partition)! with { Isr = [leader] };
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(partition, alone)).Updated);
    }

    private static ControllerCluster WithoutLeader()
    {
        var cluster = Started(3);
        cluster.CreateTopic("orders", [2, 3]);
        LeaveAlone(cluster, s_partition, 2);
        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.State(s_partition)!.Leader == PartitionStateZnode.NoLeader, "nobody leads");
        return cluster;
    }

    private static ControllerCluster Started(int brokers)
    {
        var cluster = new ControllerCluster(brokers);
        cluster.StartAll();
        return cluster;
    }

    private static UpdateMetadataRequest.UpdateMetadataPartitionState? LastState(FakeBroker broker, TopicPartition partition) =>
        broker.Received.OfType<UpdateMetadataRequest>()
            .SelectMany(r => r.TopicStates)
            .Where(t => t.TopicName == partition.Topic)
            .SelectMany(t => t.PartitionStates)
            .LastOrDefault(p => p.PartitionIndex == partition.Partition);
}
