using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>Brokers that restarted while there was no controller are seen by their epochs: as a table, and in the cluster.</summary>
public sealed class RestartedReplicasTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    [Theory]
    [InlineData("1,2,3", "1,2,3", "1@5 2@5 3@5", "")]
    [InlineData("1,2,3", "1,2,3", "1@5 2@15 3@5", "2")]
    [InlineData("1,2,3", "1,3", "1@5 2@15 3@5", "2")]
    [InlineData("1,2,3", "1,2,3", "1@15 2@15 3@15", "")]
    [InlineData("1,2,3", "2,3", "1@5 2@15 3@15", "")]
    [InlineData("1,2,3", "1,2,3", "1@15 2@5", "1")]
    [InlineData("1,2,3", "1,2,3", "2@15", "")]
    [InlineData("1", "1", "1@15", "")]
    public void A_registration_later_than_the_state_is_a_restart_unless_all_in_sync_have_restarted(string replicas, string isr, string brokers, string expected)
    {
        var registered = Registered(brokers);
        var state = new PartitionStateZnode(1, 0, [.. isr.Split(',').Select(int.Parse)], 1);
        var found = RestartedReplicas.Of(s_partition, [.. replicas.Split(',').Select(int.Parse)], state, 10, registered);
        Assert.Equal(expected, string.Join(',', found.Select(r => r.BrokerId)));
    }

    [Theory]
    [InlineData("1@5 2@5 3@5", "1@5 2@5 3@5", "")]
    [InlineData("1@5 2@5 3@5", "1@5 2@8 3@5", "2")] // the leader wrote the state after the restart, at 10
    [InlineData("1@5 2@5 3@5", "1@5 2@15 3@5", "2")]
    [InlineData("1@5 2@8 3@5", "1@5 2@8 3@5", "")] // it was found in sync again
    [InlineData("1@5 2@5", "1@5 2@5 3@8", "")] // outside the ISR nobody vouches for it anyway
    [InlineData("1@5 2@5", "1@5 2@5 3@15", "3")]
    [InlineData("1@5 2 3@5", "1@5 2@8 3@5", "")]
    [InlineData("1@5 2 3@5", "1@5 2@15 3@5", "2")]
    [InlineData("1@5 2@5 3@5", "1@8 2@8 3@8", "")]
    public void A_registration_later_than_that_in_the_ISR_is_a_restart_whoever_has_written_the_state_since(string isr, string brokers, string expected) =>
        Assert.Equal(expected, string.Join(',', RestartedReplicas.Of(s_partition, [1, 2, 3], StateOf(1, isr), 10, Registered(brokers)).Select(r => r.BrokerId)));

    [Theory]
    [InlineData(1, "1@5 2@5", "1@5 2@5", "1,2")]
    [InlineData(1, "1@5 2@5", "2@8", "1")] // the leader has outlived the restart of broker 2
    [InlineData(1, "1@5 2@5", "2@15", "1,2")]
    [InlineData(1, "1@5 2@5", "1@8 2@8", "1")]
    [InlineData(-1, "2@5", "2@8", "2")] // the controller has written that nobody leads: it is the last
    [InlineData(1, "1 2", "2@8", "1,2")]
    public void A_member_that_the_leader_has_outlived_is_no_candidate(int leader, string isr, string brokers, string expected) =>
        Assert.Equal(expected, string.Join(',', RestartedReplicas.StillInSync(StateOf(leader, isr), 10, Registered(brokers))));

    /// <summary>Found by thought: the first look at the epochs compared them with the transaction that last set the state, whoever had set it.</summary>
    [Fact]
    public void A_restart_without_a_controller_is_seen_though_the_leader_has_written_the_state_since()
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Brokers[0].Machine.Crash();
        Bounce(cluster, 3);
        var before = cluster.State(s_partition)!;
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, before)).Updated); // as its leader, that has not noticed
        Assert.DoesNotContain(cluster.Brokers.Skip(1), b => b.Controller.IsController);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller is { IsController: true }), "another reigns");
        cluster.Until(() => cluster.State(s_partition)!.LeaderEpoch > before.LeaderEpoch, "the partition is looked at");
        Assert.Equal((2, "2"), (cluster.State(s_partition)!.Leader, string.Join(',', cluster.State(s_partition)!.Isr)));
    }

    [Fact]
    public void The_ISR_names_the_registrations_of_its_members_and_the_leader_is_told()
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        var state = cluster.State(s_partition)!;
        var epochs = cluster.Ask(z => z.Brokers()).ToDictionary(b => b.Id, b => b.Epoch);
        Assert.Equal([epochs[2], epochs[3]], state.Isr.Select(state.EpochOf));
        cluster.Until(() => cluster.Brokers[1].Told.ContainsKey(s_partition), "the leader knows");
        Assert.Equal([epochs[2], epochs[3]], cluster.Brokers[1].Told[s_partition].IsrEpochs);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void A_broker_that_restarted_while_there_was_no_controller_follows_one_that_did_not(int restarted, int leader)
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Brokers[0].Machine.Crash(); // its session keeps the others from an election for some seconds
        var bounced = cluster.Brokers[restarted - 1];
        Bounce(cluster, restarted);
        Assert.DoesNotContain(cluster.Brokers.Skip(1), b => b.Controller.IsController);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller is { IsController: true }), "another reigns");
        cluster.Until(() => cluster.State(s_partition)!.LeaderEpoch > 0 && cluster.State(s_partition)!.Leader == leader, "the one that did not restart leads");
        Assert.DoesNotContain(restarted, cluster.State(s_partition)!.Isr);
        cluster.Until(() => bounced.Told.TryGetValue(s_partition, out var told) && told.Leader == leader, "the one that did follows");
    }

    /// <summary>The ISR of the state that the dead leader leaves names nobody whom it had outlived: nobody asks again who led before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_partition_whose_leader_had_outlived_the_others_waits_for_it(bool isFailover)
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        LetTheLeaderOutlive(cluster, leader: 2, other: 3, isFailover);
        cluster.Until(() => cluster.State(s_partition) is { Leader: PartitionStateZnode.NoLeader }, "nobody leads");
        Poke(cluster);
        Assert.Equal((PartitionStateZnode.NoLeader, "2"), LeaderAndIsr(cluster));
        cluster.Brokers[1].Start();
        cluster.Until(() => cluster.State(s_partition) is { Leader: 2, Isr: [2] }, "the leader leads again");
    }

    /// <summary>The outsider, broker 4, stands before it in the assignment.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_unclean_leaders_are_allowed_one_that_the_leader_had_outlived_leads_rather_than_an_outsider(bool isFailover)
    {
        var cluster = new ControllerCluster(4);
        foreach (var broker in cluster.Brokers) broker.Config = broker.Config with { UncleanLeaderElection = true };
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 4, 3]);
        var state = cluster.State(s_partition)!;
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { Isr = [2, 3] })).Updated);
        LetTheLeaderOutlive(cluster, leader: 2, other: 3, isFailover);
        cluster.Until(() => cluster.State(s_partition) is { Leader: 3, Isr: [3] }, "the former member leads");
    }

    /// <summary>The controller's own write, that takes broker 2 out, is none of a leader that has outlived the restart of broker 4.</summary>
    [Fact]
    public void Where_all_in_sync_have_restarted_or_died_one_that_is_back_leads()
    {
        var cluster = new ControllerCluster(4);
        cluster.StartAll();
        cluster.CreateTopic("orders", [3, 2, 4]);
        cluster.Brokers[0].Machine.Crash();
        Bounce(cluster, 4);
        Unregister(cluster, 2);
        Unregister(cluster, 3);
        cluster.Until(() => cluster.State(s_partition) is { Leader: 4, Isr: [4] }, "the one that is back leads");
    }

    /// <summary>The controller sees in one look that the leader has died and that the other, which it had outlived, is back.</summary>
    [Fact]
    public void A_member_that_is_returning_when_its_leader_dies_is_one_that_the_leader_may_have_outlived()
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        var registered = cluster.Ask(z => z.Broker(3))!;
        var state = cluster.State(s_partition)!;
        cluster.Brokers[1].Machine.Crash();
        Assert.True(cluster.Ask(async z => (await z.Session.Write(
        [
            CoordinationOp.Delete(KafkaPaths.Broker(3)),
            CoordinationOp.Create(KafkaPaths.Broker(3), registered.Info.Encode()),
            CoordinationOp.SetData(KafkaPaths.PartitionState(s_partition), state.Encode(), state.ZkVersion), // the leader's, in the moment of its death
            CoordinationOp.Delete(KafkaPaths.Broker(2)),
        ])).Ok));
        cluster.Until(() => cluster.State(s_partition) is { Leader: PartitionStateZnode.NoLeader }, "nobody leads");
        Poke(cluster);
        Assert.Equal((PartitionStateZnode.NoLeader, "2"), LeaderAndIsr(cluster));
    }

    [Theory]
    [InlineData("1@5 2@5 3@5", "1@5 2@8 3@15", "1", "1@5 2@5 3@5")]
    [InlineData("1@5 2@5 3@5", "1@5 2@8 3@15", "1 2 3", "1@5 2@5 3@15")] // the leader had outlived broker 2 at 10
    [InlineData("1@5 2@5 3@5", "1@12 3@15", "1 2 3", "1@12 2@5 3@15")]
    [InlineData("1 2 3", "1@5 2@8", "1 2 3", "1@5 2@8 3")]
    [InlineData("1@5 2@9", "1@5 2@7", "1 2", "1@5 2@9")]
    public void A_write_of_the_controller_names_the_registrations_of_those_who_could_be_elected(string isr, string brokers, string online, string expected)
    {
        var live = online.Split(' ').Select(int.Parse).ToList();
        Assert.Equal(StateOf(1, expected), RestartedReplicas.Stamped(StateOf(1, isr), 10, live.Contains, Registered(brokers)));
    }

    /// <summary>Another member of the ISR restarts, the leader writes the state without having noticed, and dies.</summary>
    private static void LetTheLeaderOutlive(ControllerCluster cluster, int leader, int other, bool isFailover)
    {
        var state = cluster.State(s_partition)!;
        if (isFailover)
        {
            cluster.Brokers[0].Machine.Crash();
            Bounce(cluster, other);
            Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state)).Updated);
        }
        else
        {
            // As if the controller had come after the restart, while the leader was away.
            var epochs = state.Isr.ToDictionary(m => m, m => state.EpochOf(m) - (m == other ? 1 : 0));
            Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { IsrEpochs = epochs })).Updated);
        }

        Unregister(cluster, leader);
    }

    private static void Unregister(ControllerCluster cluster, int id)
    {
        Assert.True(cluster.Ask(async z => (await z.Session.Write([CoordinationOp.Delete(KafkaPaths.Broker(id))])).Ok));
        cluster.Brokers[id - 1].Machine.Crash();
    }

    /// <summary>Lets the controller look for leaders where there are none.</summary>
    private static void Poke(ControllerCluster cluster)
    {
        cluster.Controller.Machine.Invoke(cluster.Controller.Controller.BrokerOptionsChanged);
        cluster.RunFor(2);
    }

    private static (int Leader, string Isr) LeaderAndIsr(ControllerCluster cluster) =>
        cluster.State(s_partition) is { } state ? (state.Leader, string.Join(',', state.Isr)) : default;

    /// <summary>Lets a broker go and come again before anybody else has its turn.</summary>
    private static void Bounce(ControllerCluster cluster, int id)
    {
        var broker = cluster.Brokers[id - 1];
        var isBack = false;
        broker.Machine.Invoke(() => Loop.Current.Spawn(GoAndCome()));
        cluster.Until(() => isBack, "it is registered again");

        async LoopTask GoAndCome()
        {
            var info = (await broker.Znodes.Broker(id))!.Info;
            await broker.Znodes.UnregisterBroker(id);
            await broker.Znodes.RegisterBroker(info, TimeSpan.Zero);
            isBack = true;
        }
    }

    private static Dictionary<int, RegisteredBroker> Registered(string brokers)
    {
        var registered = new Dictionary<int, RegisteredBroker>();
        foreach (var (id, epoch) in Parse(brokers)) registered[id] = new RegisteredBroker(new BrokerZnode(id, [], 0), epoch);
        return registered;
    }

    private static PartitionStateZnode StateOf(int leader, string isr)
    {
        var members = Parse(isr);
        return new PartitionStateZnode(leader, 0, [.. members.Select(m => m.Id)], 1)
        {
            IsrEpochs = members.Where(m => m.Epoch >= 0).ToDictionary(m => m.Id, m => m.Epoch),
        };
    }

    private static List<(int Id, long Epoch)> Parse(string text) =>
        [.. text.Split(' ').Select(t => t.Split('@')).Select(t => (int.Parse(t[0], CultureInfo.InvariantCulture), t.Length > 1 ? long.Parse(t[1], CultureInfo.InvariantCulture) : -1))];
}
