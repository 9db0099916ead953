using System;
using global::Scenarios.Running;
using Simulator.Engine;
using Tests.Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Running;

/// <summary>Whose copies a run promises to keep: the store's, and those of all who are in a partition's ISR or may be soon.</summary>
public class KeptCopiesTests
{
    private readonly ObservedCluster _cluster = new();
    private KeptCopies? _copies;

    [Fact]
    public void Of_the_store_there_is_one_copy()
    {
        Protect();
        Assert.False(MayBeWiped("store"));
        Assert.True(MayLosePower("store"));
    }

    [Fact]
    public void Who_is_in_no_ISR_and_lacks_committed_records_may_lose_everything_and_no_other()
    {
        Protect();
        Assert.Equal((false, false, true), (MayBeWiped("broker-1"), MayBeWiped("broker-2"), MayBeWiped("broker-3")));
        _cluster.Store(1, 5, [1]);
        Look();
        Assert.False(MayBeWiped("broker-2")); // still has all, so that it may be let in again at once
        _cluster.Replica(2, 5, logEnd: 9);
        Look();
        Assert.True(MayBeWiped("broker-2"));
    }

    [Fact]
    public void Who_was_proposed_stays_until_the_proposal_can_come_to_nothing_but_nothing()
    {
        Protect();
        Propose(1, 2, 3);
        Assert.False(MayBeWiped("broker-3"));
        Propose(1, 2); // gave up, but what it has sent may be on its way
        Assert.False(MayBeWiped("broker-3"));
        _cluster.Store(1, 5, [1, 2]);
        Look();
        Assert.True(MayBeWiped("broker-3"));
    }

    [Fact]
    public void A_leader_of_the_past_can_propose_nobody()
    {
        Protect();
        _cluster[2].Reading = _cluster[2].Reading!.Value with { IsLeader = true, LeaderEpoch = 4, MaximalIsr = [2, 3] };
        _cluster.Observation.Refresh(_cluster[2].Machine);
        Look();
        Assert.True(MayBeWiped("broker-3"));
    }

    [Fact]
    public void Where_nobody_leads_or_the_store_says_nothing_all_copies_stay()
    {
        _copies = new KeptCopies(World, _cluster.Observation, World.FindMachine("store")!, isSynced: true);
        Assert.False(MayBeWiped("broker-3"));
        Protect();
        Assert.True(MayBeWiped("broker-3"));
        _cluster.Fall(1);
        Look();
        Assert.False(MayBeWiped("broker-3"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_power_loss_is_allowed_where_appends_are_synced(bool isSynced)
    {
        Protect(isSynced);
        Assert.Equal((isSynced, true), (MayLosePower("broker-2"), MayLosePower("broker-3")));
    }

    private SimWorld World => _cluster[1].Machine.World;

    private void Protect(bool isSynced = true)
    {
        _cluster.Store(1, 5, [1, 2]).Replica(1, 5, leads: true, highWatermark: 10, logEnd: 12).Replica(2, 5, logEnd: 11).Replica(3, 5, logEnd: 9);
        _copies ??= new KeptCopies(World, _cluster.Observation, World.FindMachine("store")!, isSynced);
        _cluster.Store(1, 5, [1, 2]);
        Look();
    }

    private void Propose(params int[] isr)
    {
        _cluster[1].Reading = _cluster[1].Reading!.Value with { MaximalIsr = isr };
        _cluster.Observation.Refresh(_cluster[1].Machine);
        Look();
    }

    private void Look() => _copies!.Look();

    private bool MayBeWiped(string machine) => World.Recoverability.TryDestroy("disk-wipe", World.FindMachine(machine) ?? throw new ArgumentException(machine));

    private bool MayLosePower(string machine) => World.Recoverability.TryDestroy("power-loss", World.FindMachine(machine) ?? throw new ArgumentException(machine), unsyncedOnly: true);
}
