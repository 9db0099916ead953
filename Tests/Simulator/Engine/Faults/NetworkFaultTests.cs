using System;
using Simulator.Engine.Faults;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>What each fault of the network stops, what it leaves alone, and that its end undoes it.</summary>
public class NetworkFaultTests
{
    private const string All = "a>b a>c b>a b>c c>a c>b";
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_full_partition_cuts_two_groups_off_from_one_another_and_leaves_each_whole()
    {
        var world = new PingWorld();
        Assert.Equal(All, world.HeardWithin(s_while));
        var partition = world.Inject(new FullPartition(), "a");
        Assert.Equal("a | b,c", partition.Description);
        Assert.Equal("b>c c>b", world.HeardWithin(s_while));
        partition.End();
        Assert.Equal(All, world.HeardWithin(s_while));
    }

    [Fact]
    public void A_one_way_partition_lets_the_other_direction_through()
    {
        var world = new PingWorld();
        var partition = world.Inject(new OneWayPartition(), "a");
        Assert.Equal("a -/-> b,c", partition.Description);
        Assert.Equal("b>a b>c c>a c>b", world.HeardWithin(s_while));
        partition.End();
        Assert.Equal(All, world.HeardWithin(s_while));
    }

    [Fact]
    public void A_bridge_reaches_both_groups_that_cannot_reach_one_another()
    {
        var world = new PingWorld();
        var partition = world.Inject(new BridgePartition(), "a");
        var bridge = partition.Description.Split(" | ")[1];
        var far = bridge == "b" ? "c" : "b";
        Assert.Equal($"a | {bridge} | {far}", partition.Description);
        Assert.Equal(All.Replace($"a>{far}", "").Replace($"{far}>a", "").Replace("  ", " ").Trim(), world.HeardWithin(s_while));
        partition.End();
        Assert.Equal(All, world.HeardWithin(s_while));
    }

    [Fact]
    public void A_deaf_machine_hears_nobody_that_dialled_it_and_is_heard_where_it_dialled()
    {
        var world = new PingWorld();
        var deafness = world.Inject(new Deafness(), "a");
        Assert.Equal("a to b,c", deafness.Description);
        Assert.Equal("a>b a>c b>c c>b", world.HeardWithin(s_while));
        deafness.End();
        deafness.End();
        Assert.Equal(All, world.HeardWithin(s_while));
    }

    [Fact]
    public void Distance_delays_both_directions_for_good()
    {
        var world = new PingWorld("ab");
        world.World.Network.SetDistance(world["a"], world["b"], TimeSpan.FromMilliseconds(50));
        world.World.Network.HealAll();
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
        Assert.InRange(world.SlowestWithin(s_while), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void Overlapping_partitions_heal_one_by_one()
    {
        var world = new PingWorld("ab");
        var first = world.Inject(new FullPartition(), "a");
        var second = world.Inject(new FullPartition(), "b");
        first.End();
        Assert.Equal("", world.HeardWithin(s_while));
        second.End();
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
    }

    [Fact]
    public void A_partition_loses_nothing_that_was_sent_into_it()
    {
        var world = new PingWorld("ab");
        var partition = world.Inject(new FullPartition(), "a");
        world.World.RunFor(s_while);
        partition.End();
        Assert.True(world.SlowestWithin(s_while) >= s_while / 2, "what was sent at the beginning of the partition arrives after its end");
        Assert.Equal(0, world.Resets);
    }

    [Fact]
    public void Slow_links_make_every_byte_late_and_their_end_makes_them_fast_again()
    {
        var world = new PingWorld("ab");
        Assert.True(world.SlowestWithin(s_while) < TimeSpan.FromMilliseconds(5));
        var slow = world.Inject(new SlowLinks(), "a");
        Assert.True(world.SlowestWithin(s_while) >= TimeSpan.FromMilliseconds(5), slow.Description);
        slow.End();
        world.World.RunFor(s_while);
        Assert.True(world.SlowestWithin(s_while) < TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public void Of_two_slow_downs_of_a_link_the_longer_holds_and_the_end_of_one_leaves_the_other()
    {
        var world = new PingWorld("ab");
        var network = world.World.Network;
        var (longer, shorter) = (network.Clog(world["a"], world["b"], TimeSpan.FromMilliseconds(300)), network.Clog(world["a"], world["b"], TimeSpan.FromMilliseconds(40)));
        Assert.InRange(world.SlowestWithin(s_while).TotalMilliseconds, 300, 310);
        longer.End();
        world.World.RunFor(s_while);
        Assert.InRange(world.SlowestWithin(s_while).TotalMilliseconds, 40, 50);
        shorter.End();
        world.World.RunFor(s_while);
        Assert.InRange(world.SlowestWithin(s_while).TotalMilliseconds, 0, 5);
    }

    [Fact]
    public void A_connection_reset_is_seen_at_both_ends_and_hinders_no_new_connection()
    {
        var world = new PingWorld("ab");
        world.Inject(new ConnectionReset(), "a");
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
        Assert.Equal(4, world.Resets); // two connections with two ends each
    }
}
