using System.Linq;
using Reference.Broker;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>What the controller does so that a broker which has missed something, or has lost something, does no harm.</summary>
public sealed class LossTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    /// <summary>A fetch that the lost run of broker 3 had sent may still arrive: its leader epoch, and the znode's version, are of the past then.</summary>
    [Fact]
    public void A_broker_that_goes_ends_the_leader_epoch_even_where_it_was_outside_the_ISR()
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3]);
        var shrunk = cluster.State(s_partition)! with { Isr = [2] };
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, shrunk)).Updated);
        var before = cluster.State(s_partition)!;
        cluster.Brokers[2].Machine.Crash();
        cluster.Brokers[2].Machine.Restart();
        cluster.Until(() => cluster.State(s_partition)!.LeaderEpoch > before.LeaderEpoch, "the leader epoch has ended");
        cluster.Until(() => cluster.Brokers[1].Told[s_partition].LeaderEpoch > before.LeaderEpoch, "the leader knows");
        Assert.Equal([2], cluster.State(s_partition)!.Isr);
        Assert.Equal(2, cluster.State(s_partition)!.Leader);
        Assert.False(cluster.Ask(z => z.UpdatePartitionState(s_partition, before with { Isr = [2, 3] })).Updated);
    }

    [Fact]
    public void The_first_update_of_a_new_controller_and_of_a_new_registration_names_everything()
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.CreateTopic("users", [3], [2]);
        cluster.Brokers[0].Machine.Crash();
        cluster.Until(() => cluster.Brokers.Any(b => b.IsUp && b.Controller.IsController), "another reigns");
        var told = cluster.Brokers[2];
        cluster.Until(() => UpdatesOf(told, controllerEpoch: 2).Length > 1, "broker 3 has heard of it");
        AssertFullOnce(UpdatesOf(told, 2));
        cluster.Brokers[0].Machine.Restart();
        cluster.Until(() => UpdatesOf(cluster.Brokers[0], 2).Length > 0, "broker 1 is told of all");
        AssertFullOnce(UpdatesOf(cluster.Brokers[0], 2));
    }

    [Fact]
    public void Watches_do_not_pile_up_as_topics_come_and_go()
    {
        var cluster = Started();
        Assert.True(cluster.Ask(async z => (await z.Session.Write([CoordinationOp.Create(KafkaPaths.Topic("damaged"), [1, 2, 3])])).Ok));
        CreateAndDelete(cluster);
        var before = Watchers(cluster);
        for (var i = 0; i < 3; i++) CreateAndDelete(cluster);
        Assert.Equal(before, Watchers(cluster));
    }

    private static void CreateAndDelete(ControllerCluster cluster)
    {
        cluster.CreateTopic("orders", [1, 2]);
        Assert.True(cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion("orders");
            return true;
        }));
        cluster.Until(() => cluster.Ask(z => z.Topics()).Count == 1, "the topic is gone");
        cluster.RunFor(2);
    }

    private static int Watchers(ControllerCluster cluster) => cluster.Controller.Znodes.Session.Client.WatcherCount;

    private static UpdateMetadataRequest[] UpdatesOf(FakeBroker broker, int controllerEpoch) =>
        [.. broker.Received.OfType<UpdateMetadataRequest>().Where(r => r.ControllerEpoch == controllerEpoch)];

    private static void AssertFullOnce(UpdateMetadataRequest[] updates)
    {
        Assert.Equal(UpdateMetadataRequest.FullUpdate, updates[0].Type);
        Assert.Equal(["orders-0", "users-0", "users-1"], updates[0].TopicStates.SelectMany(t => t.PartitionStates.Select(p => $"{t.TopicName}-{p.PartitionIndex}")));
        Assert.All(updates.Skip(1), u => Assert.Equal(0, u.Type));
    }

    private static ControllerCluster Started()
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        return cluster;
    }
}
