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
        var assignment = ReplicaAssignments.Spread([4, 3, 2, 1, 0], 10, 3, 0, 0);
        Assert.Equal(expected, assignment.Values.Select(r => string.Join(',', r)));
    }

    [Fact]
    public void Replicas_are_distinct_and_leaders_differ_by_at_most_one_per_broker() =>
        Prop.ForAll(Sizes().ToArbitrary(), size =>
        {
            var ids = Enumerable.Range(0, size.Brokers).Select(i => i * 7).ToList();
            var assignment = ReplicaAssignments.Spread(ids, size.Partitions, size.Replicas, RandomStream.Named((ulong)size.Partitions, "spread"));
            Assert.Equal(Enumerable.Range(0, size.Partitions), assignment.Keys);
            Assert.All(assignment.Values, r => Assert.Equal(size.Replicas, r.Distinct().Count(ids.Contains)));
            var leaders = ids.Select(id => assignment.Values.Count(r => r[0] == id)).ToList();
            Assert.InRange(leaders.Max() - leaders.Min(), 0, 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Impossible_wishes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread([1, 2], 1, 3, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread([1, 2], 0, 1, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread([1, 2], 1, 0, 0, 0));
        Assert.Throws<ArgumentException>(() => ReplicaAssignments.Spread(new List<int>(), 1, 1, new RandomStream(1)));
    }

    private static Gen<(int Brokers, int Partitions, int Replicas)> Sizes() =>
        from brokers in Gen.Choose(1, 9)
        from partitions in Gen.Choose(1, 40)
        from replicas in Gen.Choose(1, brokers)
        select (brokers, partitions, replicas);
}
