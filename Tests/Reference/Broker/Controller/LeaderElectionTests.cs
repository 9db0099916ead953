using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Controller;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>The election strategies as tables, and what holds for all inputs.</summary>
public sealed class LeaderElectionTests
{
    [Theory]
    [InlineData("1,2,3", "1,2,3", "1,2,3", false, "1: 1,2,3")]
    [InlineData("1,2,3", "1,2,3", "2,3", false, "2: 2,3")]
    [InlineData("1,2,3", "3,2", "2,3", false, "2: 3,2")]
    [InlineData("1,2,3", "1", "2,3", false, "")]
    [InlineData("1,2,3", "1", "2,3", true, "2: 2")]
    [InlineData("1,2,3", "1,3", "2,3", true, "3: 3")]
    [InlineData("1,2,3", "1,2,3", "", true, "")]
    [InlineData("1", "1", "1", false, "1: 1")]
    public void Offline_takes_the_first_live_in_sync_replica(string assignment, string isr, string live, bool unclean, string expected) =>
        Assert.Equal(expected, Text(LeaderElections.Offline(Input(assignment, isr, live), unclean)));

    [Theory]
    [InlineData("2", "1,3", false, "")]
    [InlineData("2", "1,3", true, "3: 3")]
    [InlineData("2", "1", true, "1: 1")]
    [InlineData("2,4", "1,3,4", true, "4: 4")]
    public void An_unclean_leader_is_rather_one_that_had_been_in_sync_than_an_outsider(string isr, string live, bool unclean, string expected) =>
        Assert.Equal(expected, Text(LeaderElections.Offline(Input("1,2,3,4", isr, live) with { Outlived = [3] }, unclean)));

    [Theory]
    [InlineData("1,2", "1,2", "1,2", "1: 1,2")]
    [InlineData("1,2", "2,1", "1,2", "1: 2,1")]
    [InlineData("1,2", "2", "1,2", "")]
    [InlineData("1,2", "1,2", "2", "")]
    [InlineData("", "", "", "")]
    public void Preferred_takes_the_first_of_the_assignment_or_none(string assignment, string isr, string live, string expected) =>
        Assert.Equal(expected, Text(LeaderElections.Preferred(Input(assignment, isr, live))));

    [Theory]
    [InlineData("4,5", "1,5,4", "1,4,5", "4: 1,5,4")]
    [InlineData("4,5", "1,5", "1,4,5", "5: 1,5")]
    [InlineData("4,5", "1,5,4", "1,5", "5: 1,5,4")]
    [InlineData("4,5", "1,2", "1,2,4,5", "")]
    public void Reassignment_takes_the_first_live_in_sync_replica_of_those_wished_for_and_leaves_the_ISR(string wished, string isr, string live, string expected) =>
        Assert.Equal(expected, Text(LeaderElections.Reassignment(Input(wished, isr, live))));

    [Theory]
    [InlineData("1,2,3", "1,2,3", "1,2,3", "1", "2: 2,3")]
    [InlineData("1,2,3", "1,3", "1,2,3", "1", "3: 3")]
    [InlineData("1,2,3", "1", "1,2,3", "1", "")]
    [InlineData("1,2,3", "1,2", "1,2,3", "1,2", "")]
    [InlineData("1,2,3", "1,2,3", "1,3", "1", "3: 2,3")]
    public void Controlled_shutdown_takes_one_that_stays(string assignment, string isr, string live, string shuttingDown, string expected) =>
        Assert.Equal(expected, Text(LeaderElections.ControlledShutdown(Input(assignment, isr, live, shuttingDown))));

    [Fact]
    public void A_leader_is_live_and_assigned_and_in_its_ISR_and_clean_unless_told_otherwise() =>
        Prop.ForAll(Inputs().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (input, unclean) =>
        {
            if (LeaderElections.Offline(input, unclean) is not { } elected)
            {
                Assert.DoesNotContain(input.Assignment, r => input.Live.Contains(r) && (unclean || input.Isr.Contains(r)));
                return;
            }

            Assert.Contains(elected.Leader, input.Live);
            Assert.Contains(elected.Leader, input.Assignment);
            Assert.Contains(elected.Leader, elected.Isr);
            Assert.All(elected.Isr, r => Assert.Contains(r, input.Live));
            if (!unclean) Assert.Contains(elected.Leader, input.Isr);
        }).QuickCheckThrowOnFailure();

    private static Gen<ElectionInput> Inputs() =>
        from assignment in Gen.Shuffle<int>([1, 2, 3, 4, 5])
        from isr in Gen.SubListOf<int>(assignment.Take(3))
        from live in Gen.SubListOf<int>([1, 2, 3, 4, 5])
        select new ElectionInput([.. assignment.Take(3)], [.. isr], live.ToHashSet(), new HashSet<int>());

    private static ElectionInput Input(string assignment, string isr, string live, string shuttingDown = "") =>
        new(Ids(assignment), Ids(isr), Ids(live).ToHashSet(), Ids(shuttingDown).ToHashSet());

    private static int[] Ids(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(int.Parse)];

    private static string Text(ElectedLeader? elected) => elected is null ? "" : $"{elected.Leader}: {string.Join(',', elected.Isr)}";
}
