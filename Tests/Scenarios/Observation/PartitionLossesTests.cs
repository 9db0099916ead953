using System.Linq;
using Scenarios.Observation;
using Scenarios.Properties;
using Tests.Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Observation;

/// <summary>An unclean election is seen in the store, takes effect when the elected replica leads, and is forbidden unless allowed.</summary>
public class PartitionLossesTests
{
    private readonly ObservedCluster _cluster = new();

    private PartitionLosses Losses => _cluster.Partition.Losses;

    [Fact]
    public void A_leader_from_the_ISR_is_no_unclean_one()
    {
        _cluster.Store(1, 0, [1, 2]).Store(2, 1, [2]).Store(-1, 2, [2]).Store(2, 3, [2]);
        Assert.Empty(Losses.Elections);
        Assert.Null(Violation());
    }

    [Fact]
    public void A_leader_from_outside_is_a_violation_where_it_is_not_allowed()
    {
        _cluster.Store(1, 0, [1]).Store(2, 1, [2]);
        Assert.Equal((2, 1), (Assert.Single(Losses.Elections).Leader, Losses.LastEpoch));
        Assert.StartsWith("the leader of epoch 1 was not in the ISR", Violation(), System.StringComparison.Ordinal);
    }

    [Fact]
    public void It_takes_effect_when_the_elected_replica_leads_and_not_while_another_does()
    {
        _cluster.Store(1, 0, [1]).Replica(1, 0, leads: true).Store(2, 1, [2]);
        _cluster.Replica(1, 0, leads: true, highWatermark: 0, logEnd: 0).Replica(2, 0);
        Assert.NotNull(Losses.Pending);
        _cluster.Replica(2, 1, leads: true);
        Assert.Null(Losses.Pending);
        Assert.True(_cluster.Partition.Replicas[0].IsDiverged);
        _cluster.Replica(1, 1);
        Assert.False(_cluster.Partition.Replicas[0].IsDiverged);
    }

    /// <summary>Seeds 485, 506, 819 and others of unclean-election: what it had cut off was on its disk again.</summary>
    [Fact]
    public void A_replica_that_had_diverged_may_have_done_so_again_after_a_restart_until_it_has_heard_of_the_election()
    {
        _cluster.Store(1, 0, [1]).Replica(1, 0, leads: true).Store(2, 1, [2]).Replica(2, 1, leads: true).Replica(1, 1);
        _cluster.Restart(1).Replica(1, 0).Restart(2).Replica(2, 0);
        Assert.Equal([true, false], _cluster.Partition.Replicas.Take(2).Select(r => r.IsDiverged));
        _cluster.Replica(1, 1);
        Assert.False(_cluster.Partition.Replicas[0].IsDiverged);
    }

    [Fact]
    public void It_loses_what_an_earlier_leader_wrote_and_the_elected_one_lacks()
    {
        _cluster.Store(1, 0, [1]).Store(2, 3, [2]).Replica(2, 3, leads: true);
        var election = Losses.Elections[0];
        Assert.True(election.Loses(writtenIn: 2, offset: 0));
        Assert.False(election.Loses(writtenIn: 3, offset: 0));
    }

    private string? Violation() => new CleanElection(_cluster.Observation.Partitions).FindViolation();
}
