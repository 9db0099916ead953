using System;
using System.Linq;
using Scenarios.Properties;
using Simulator.Engine.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>Small states of a cluster of three brokers, with what the properties that look at more than one partition say of them.</summary>
public class ClusterPropertyTests
{
    [Fact]
    public void S8_lets_epochs_rise_and_stand()
    {
        var cluster = new ObservedCluster();
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation()); // nothing there yet
        cluster.ControllerEpoch(1).Store(1, 0, [1, 2, 3]).Replica(1, 0, leads: true).Replica(2, 0);
        Assert.Null(property.FindViolation());
        cluster.ControllerEpoch(2).Store(2, 1, [2, 3], controllerEpoch: 2).Replica(2, 1, leads: true);
        Assert.Null(property.FindViolation());
        Assert.Null(property.FindViolation());
    }

    [Fact]
    public void S8_flags_a_controller_epoch_that_falls()
    {
        var cluster = new ObservedCluster().ControllerEpoch(3);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.ControllerEpoch(2);
        Assert.Equal("the controller epoch in the store fell from 3 to 2", property.FindViolation());
    }

    [Fact]
    public void S8_flags_a_leader_epoch_that_falls_in_the_store()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.Store(1, 4, [1, 2]);
        Flags(property, "the leader epoch in the store fell from 5 to 4. t-0: store: ");
    }

    [Fact]
    public void S8_flags_a_controller_that_writes_after_a_newer_one()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2], controllerEpoch: 7);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.Store(2, 6, [1, 2], controllerEpoch: 6);
        Flags(property, "a controller of epoch 6 wrote the partition's state after one of epoch 7. t-0: store: ");
    }

    [Fact]
    public void S8_flags_a_leader_elected_by_a_controller_of_the_past()
    {
        var cluster = new ObservedCluster().ControllerEpoch(3).Store(1, 5, [1, 2], controllerEpoch: 3);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.ControllerEpoch(4);
        Assert.Null(property.FindViolation());
        cluster.Store(2, 6, [1, 2], controllerEpoch: 3);
        Flags(property, "a controller of epoch 3 elected a leader after the controller of epoch 4 had been elected. t-0: store: ");
    }

    [Fact]
    public void S8_lets_a_leader_change_its_ISR_under_the_controller_that_elected_it()
    {
        var cluster = new ObservedCluster().ControllerEpoch(4).Store(1, 5, [1, 2], controllerEpoch: 3);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.Store(1, 5, [1], controllerEpoch: 3);
        Assert.Null(property.FindViolation());
    }

    [Fact]
    public void S8_flags_two_processes_that_reign_under_one_controller_epoch()
    {
        var cluster = new ObservedCluster();
        var property = new EpochsMonotone(cluster.Observation);
        (cluster[1].Incarnation, cluster[1].ReignEpoch) = (1, 4);
        Assert.Null(property.FindViolation());
        Assert.Null(property.FindViolation());
        (cluster[1].ReignEpoch, cluster[2].Incarnation, cluster[2].ReignEpoch) = (null, 3, 5);
        Assert.Null(property.FindViolation());
        cluster[2].ReignEpoch = 4;
        Flags(property, "two hold controller epoch 4: process 1 of broker 1, and process 3 of broker 2");
    }

    [Fact]
    public void S8_flags_a_broker_epoch_that_falls_and_one_that_two_processes_hold()
    {
        var cluster = new ObservedCluster();
        var property = new EpochsMonotone(cluster.Observation);
        (cluster[1].Incarnation, cluster[1].BrokerEpoch) = (1, 40);
        Assert.Null(property.FindViolation());
        (cluster[1].Incarnation, cluster[1].BrokerEpoch) = (2, null);
        Assert.Null(property.FindViolation());
        cluster[1].BrokerEpoch = 50;
        Assert.Null(property.FindViolation());
        (cluster[2].Incarnation, cluster[2].BrokerEpoch) = (1, 50);
        Flags(property, "two hold broker epoch 50: process 2 of broker 1, and process 1 of broker 2");
        (cluster[2].BrokerEpoch, cluster[1].BrokerEpoch) = (60, 45);
        Flags(property, "the broker epoch of broker 1 fell from 50 to 45");
    }

    [Fact]
    public void S8_looks_at_each_partition_for_itself()
    {
        var cluster = new ObservedCluster(partitions: 2).Store(1, 5, [1], controllerEpoch: 7, partition: 0).Store(1, 2, [1], controllerEpoch: 6, partition: 1);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.Store(1, 1, [1], controllerEpoch: 6, partition: 1);
        Flags(property, "the leader epoch in the store fell from 2 to 1. t-1: store: ");
    }

    [Fact]
    public void S8_flags_a_leader_epoch_that_falls_on_a_running_broker_and_none_that_a_restart_forgot()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]).Replica(2, 5);
        var property = new EpochsMonotone(cluster.Observation);
        Assert.Null(property.FindViolation());
        cluster.Restart(2).Replica(2, 3);
        Assert.Null(property.FindViolation());
        cluster.Replica(2, 2);
        Flags(property, "the leader epoch on broker 2 fell from 3 to 2. t-0: store: ");
    }

    [Fact]
    public void L1_holds_where_all_replicas_have_one_end_and_one_high_watermark() => Assert.Null(new ReplicasConverge(Converged().Observation).FindViolation());

    [Fact]
    public void L1_holds_without_the_brokers_that_have_fallen() =>
        Assert.Null(new ReplicasConverge(Converged().Fall(3).Store(1, 5, [1, 2]).Observation).FindViolation());

    [Fact]
    public void L1_flags_a_broker_that_lives_and_is_not_in_the_ISR() =>
        Flags(new ReplicasConverge(Converged().Store(1, 5, [1, 2]).Observation), "the ISR is [1,2], but of its replicas [1,2,3] live. t-0: store: ");

    [Fact]
    public void L1_flags_a_broker_that_has_fallen_and_is_still_in_the_ISR() =>
        Flags(new ReplicasConverge(Converged().Fall(3).Observation), "the ISR is [1,2,3], but of its replicas [1,2] live. t-0: store: ");

    [Fact]
    public void L1_flags_a_partition_without_a_leader_though_a_member_of_its_ISR_lives() =>
        Flags(new ReplicasConverge(Converged().Store(-1, 6, [1, 2, 3]).Observation), "there is no leader. t-0: store: ");

    [Fact]
    public void L1_excuses_a_partition_of_whose_ISR_no_member_lives() =>
        Assert.Null(new ReplicasConverge(Converged().Fall(1).Store(-1, 6, [1]).Observation).FindViolation());

    [Fact]
    public void L1_flags_a_partition_that_was_never_made() =>
        Flags(new ReplicasConverge(new ObservedCluster().Observation), "there is no leader. t-0: store: nothing");

    [Fact]
    public void L1_flags_a_leader_that_does_not_know_that_it_leads() =>
        Flags(new ReplicasConverge(Converged().Replica(1, 4).Observation), "broker 1 does not lead in epoch 5. t-0: store: ");

    [Theory]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    public void L1_flags_a_replica_that_has_not_come_to_the_end_or_does_not_know_that_all_is_committed(long highWatermark, long logEnd)
    {
        var cluster = Converged().Replica(1, 5, leads: true, highWatermark: 4, logEnd: 4).Replica(2, 5, highWatermark: 4, logEnd: 4).Replica(3, 5, highWatermark: highWatermark, logEnd: logEnd);
        Flags(new ReplicasConverge(cluster.Observation), "broker 3 has not caught up. t-0: store: ");
    }

    [Fact]
    public void L4_holds_where_all_know_what_the_store_says_and_one_is_the_controller() => Assert.Null(new MetadataConverges(Informed().Observation).FindViolation());

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void L4_flags_any_number_of_controllers_but_one(int controllers)
    {
        var cluster = Informed();
        for (var id = 1; id <= 3; id++) cluster[id].IsController = id <= controllers;
        Assert.Equal($"{controllers} brokers believe to be the controller", new MetadataConverges(cluster.Observation).FindViolation());
    }

    [Fact]
    public void L4_flags_a_broker_that_names_another_leader_or_epoch_or_none()
    {
        var cluster = Informed();
        cluster[2].Knows = (2, 5);
        Flags(new MetadataConverges(cluster.Observation), "broker 2 believes that t-0 is led by 2 in epoch 5, but the store says: leader 1 epoch 5 ");
        cluster[2].Knows = (1, 4);
        Flags(new MetadataConverges(cluster.Observation), "broker 2 believes that t-0 is led by 1 in epoch 4, but the store says: leader 1 epoch 5 ");
        cluster[2].Knows = null;
        Flags(new MetadataConverges(cluster.Observation), "broker 2 believes that t-0 is led by nobody in epoch -1, but the store says: leader 1 epoch 5 ");
    }

    [Fact]
    public void L4_asks_nothing_of_a_broker_that_has_fallen()
    {
        var cluster = Informed().Fall(3);
        cluster[3].Knows = (9, 9);
        Assert.Null(new MetadataConverges(cluster.Observation).FindViolation());
    }

    private static ObservedCluster Converged() =>
        new ObservedCluster().ControllerEpoch(1).Store(1, 5, [1, 2, 3]).Replica(1, 5, leads: true).Replica(2, 5).Replica(3, 5);

    private static ObservedCluster Informed()
    {
        var cluster = Converged();
        foreach (var id in Enumerable.Range(1, 3)) cluster[id].Knows = (1, 5);
        cluster[2].IsController = true;
        return cluster;
    }

    private static void Flags(Property property, string words)
    {
        var violation = property.FindViolation();
        Assert.NotNull(violation);
        Assert.StartsWith(words, violation, StringComparison.Ordinal);
    }
}
