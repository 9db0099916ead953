using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
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
