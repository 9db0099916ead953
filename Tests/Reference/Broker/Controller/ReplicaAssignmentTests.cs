using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Controller;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>The spread of replicas: the known example, and fairness for all sizes.</summary>
public sealed class ReplicaAssignmentTests
{
    [Fact]
    public void The_textbook_example_of_five_brokers_and_ten_partitions()
    {
        // The example that Kafka's documentation of the algorithm gives, with start and shift 0.
        var expected = new[]
        {
            "0,1,2", "1,2,3", "2,3,4", "3,4,0", "4,0,1",
            "0,2,3", "1,3,4", "2,4,0", "3,0,1", "4,1,2",
        };
        var assignment = ReplicaAssignments.Spread(Brokers(4, 3, 2, 1, 0), 10, 3, 0, 0);
        Assert.Equal(expected, assignment.Values.Select(r => string.Join(',', r)));
    }

    [Fact]
    public void Replicas_are_distinct_and_leaders_differ_by_at_most_one_per_broker() =>
        Prop.ForAll(Sizes().ToArbitrary(), size =>
        {
            var ids = Enumerable.Range(0, size.Brokers).Select(i => i * 7).ToList();
            var assignment = ReplicaAssignments.Spread(Brokers([.. ids]), size.Partitions, size.Replicas, RandomStream.Named((ulong)size.Partitions, "spread"));
            Assert.Equal(Enumerable.Range(0, size.Partitions), assignment.Keys);
            Assert.All(assignment.Values, r => Assert.Equal(size.Replicas, r.Distinct().Count(ids.Contains)));
            var leaders = ids.Select(id => assignment.Values.Count(r => r[0] == id)).ToList();
            Assert.InRange(leaders.Max() - leaders.Min(), 0, 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_textbook_example_of_six_brokers_in_three_racks()
    {
        // The example that Kafka's documentation of the algorithm gives, with start and shift 0, and the first of the next round.
        BrokerRack[] brokers = [new(0, "r1"), new(1, "r3"), new(2, "r3"), new(3, "r2"), new(4, "r2"), new(5, "r1")];
        Assert.Equal([0, 3, 1, 5, 4, 2], ReplicaAssignments.RacksByTurns(brokers).Select(b => b.Id));
        var assignment = ReplicaAssignments.Spread(brokers, 7, 3, 0, 0);
        Assert.Equal(["0,3,1", "3,1,5", "1,5,4", "5,4,2", "4,2,0", "2,0,3", "0,4,2"], assignment.Values.Select(r => string.Join(',', r)));
    }

    [Fact]
    public void Replicas_are_in_as_many_racks_as_there_can_be() =>
        Prop.ForAll(Racks().ToArbitrary(), racks =>
        {
            List<BrokerRack> brokers = [.. racks.Brokers.Select((rack, id) => new BrokerRack(id, $"r{rack}"))];
            var assignment = ReplicaAssignments.Spread(brokers, 20, racks.Replicas, RandomStream.Named((ulong)brokers.Count, "racks"));
            var reachable = Math.Min(racks.Replicas, racks.Brokers.Distinct().Count());
            Assert.All(assignment.Values, r => Assert.Equal(racks.Replicas, r.Distinct().Count()));
            Assert.All(assignment.Values, r => Assert.Equal(reachable, r.Select(id => racks.Brokers[id]).Distinct().Count()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_broker_without_a_rack_makes_all_racks_count_for_nothing() => Assert.Equal(
        ReplicaAssignments.Spread(Brokers(0, 1, 2), 6, 2, 1, 1).Values,
        ReplicaAssignments.Spread([new(0, "a"), new(1, "a"), new(2, null)], 6, 2, 1, 1).Values);

    [Fact]
    public void The_brokers_that_name_no_rack_are_named_unless_none_does()
    {
        Assert.Null(ReplicaAssignments.RackProblem([]));
        Assert.Null(ReplicaAssignments.RackProblem(Brokers(0, 1, 2)));
        Assert.Null(ReplicaAssignments.RackProblem([new(0, "a"), new(1, "a")]));
        Assert.Contains("[1, 2]", ReplicaAssignments.RackProblem([new(2, null), new(0, "a"), new(1, null)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_wishes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread(Brokers(1, 2), 1, 3, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread(Brokers(1, 2), 0, 1, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread(Brokers(1, 2), 1, 0, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread(Brokers(), 1, 1, new RandomStream(1)));
    }

    private static List<BrokerRack> Brokers(params int[] ids) => [.. ids.Select(id => new BrokerRack(id, null))];

    private static Gen<(int[] Brokers, int Replicas)> Racks() =>
        from brokers in Gen.Choose(1, 9)
        from racks in Gen.ArrayOf(Gen.Choose(1, 4), brokers)
        from replicas in Gen.Choose(1, brokers)
        select (racks, replicas);

    private static Gen<(int Brokers, int Partitions, int Replicas)> Sizes() =>
        from brokers in Gen.Choose(1, 9)
        from partitions in Gen.Choose(1, 40)
        from replicas in Gen.Choose(1, brokers)
        select (brokers, partitions, replicas);
}
