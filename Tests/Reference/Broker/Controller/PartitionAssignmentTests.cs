using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Controller;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>The arithmetic of reassignments (KIP-455): examples of the KIP, and what holds for all.</summary>
public sealed class PartitionAssignmentTests
{
    [Fact]
    public void The_examples_of_the_KIP()
    {
        var moving = PartitionAssignment.Of([1, 2, 3]).ReassignTo([4, 5, 6]);
        Assert.Equal("[4,5,6,1,2,3] adding [4,5,6] removing [1,2,3]", moving.ToString());
        Assert.Equal([1, 2, 3], moving.Origin);
        Assert.Equal([4, 5, 6], moving.Target);
        Assert.Equal("[1,2,3]", moving.ReassignTo(moving.Origin).ToString());
        Assert.Equal("[3,4,5,1,2] adding [4,5] removing [1,2]", moving.ReassignTo([3, 4, 5]).ToString());
        Assert.False(PartitionAssignment.Of([1, 2]).ReassignTo([2, 1]).IsBeingReassigned);
    }

    [Fact]
    public void A_move_is_being_given_up_when_all_that_it_added_and_nothing_else_is_to_go()
    {
        var moving = PartitionAssignment.Of([1, 2]).ReassignTo([3, 2]);
        Assert.True(moving.ReassignTo(moving.Origin).AndRemove([3]).IsBeingGivenUp);
        Assert.False(moving.IsBeingGivenUp);
        Assert.False(moving.ReassignTo([4, 2]).AndRemove([3]).IsBeingGivenUp);
        Assert.False(moving.ReassignTo([2]).AndRemove([3]).IsBeingGivenUp);
        Assert.False(PartitionAssignment.Of([1, 2]).ReassignTo([2]).IsBeingGivenUp);
        Assert.False(PartitionAssignment.Of([1, 2]).IsBeingGivenUp);
    }

    [Theory]
    [InlineData("", "The list of replicas is empty.")]
    [InlineData("1,-2", "The replicas [1, -2] hold a negative broker id.")]
    [InlineData("1,2,1", "The replicas [1, 2, 1] name a broker twice.")]
    [InlineData("1,2,3", null)]
    public void Malformed_lists_are_named(string replicas, string? problem) =>
        Assert.Equal(problem, PartitionAssignment.Problem([.. replicas.Split(',', System.StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]));

    [Fact]
    public void Assignments_that_contradict_themselves_are_named()
    {
        Assert.NotNull(new PartitionAssignment([1, 2], [3], []).Problem());
        Assert.NotNull(new PartitionAssignment([1, 2], [], [3]).Problem());
        Assert.NotNull(new PartitionAssignment([1, 2], [], [1, 2]).Problem());
        Assert.Null(new PartitionAssignment([1, 2, 3], [1], [3]).Problem());
    }

    [Fact]
    public void Any_reassignment_keeps_the_origin_leads_to_its_target_and_can_be_given_up() =>
        Prop.ForAll(Gen.Three(Replicas()).ToArbitrary(), lists =>
        {
            var (origin, first, second) = lists;
            var moving = PartitionAssignment.Of(origin).ReassignTo(first).ReassignTo(second);
            Assert.Null(moving.Problem());
            Assert.Equal(second, moving.Target);
            Assert.Equal(origin.Order(), moving.Origin.Order());
            var before = PartitionAssignment.Of(origin).ReassignTo(first);
            var between = moving.AndRemove([.. before.Replicas.Where(r => !moving.Replicas.Contains(r))]); // as it stands in the store until they are gone
            Assert.Null(between.Problem());
            Assert.Equal(second, between.Target);
            Assert.Equal(origin.Order(), between.Origin.Order());
            var back = moving.ReassignTo(moving.Origin);
            Assert.False(back.IsBeingReassigned);
            Assert.Equal(origin.Order(), back.Replicas.Order());
        }).QuickCheckThrowOnFailure();

    private static Gen<int[]> Replicas() =>
        from count in Gen.Choose(1, 4)
        from ids in Gen.Shuffle([1, 2, 3, 4, 5, 6])
        select ids[..count];
}
