using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using tools.Sim.Zoo;
using Xunit;

namespace Tests.tools.Sim.Zoo;

/// <summary>Hunts on several threads: everyone gets a turn, and what counts does not depend on who was first.</summary>
public class HuntTests
{
    private static readonly IReadOnlyList<ulong> s_seeds = [.. Enumerable.Range(1, 30).Select(i => (ulong)i)];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(50)]
    public void A_hunt_counts_up_to_its_last_wanted_kill_however_many_threads_ran_ahead(int jobs)
    {
        var once = new Quarry(new ToyScenario(breaks: seed => seed % 5 == 0), s_seeds, killsWanted: 1);
        var thrice = new Quarry(new ToyScenario(breaks: seed => seed % 5 == 0), s_seeds, killsWanted: 3);
        var all = new Quarry(new ToyScenario(breaks: seed => seed % 5 == 0), s_seeds, killsWanted: 0);
        new Hunt([once, thrice, all], s_seeds.Count, jobs).Run();
        Assert.Equal([(5, 1), (15, 3), (30, 6)], new[] { once, thrice, all }.Select(q => (q.Results.Count, q.Kills)));
        Assert.Equal(s_seeds, all.Results.Select(r => r.Seed));
        Assert.All(new[] { once, thrice, all }, q => Assert.True(q.IsOver));
    }

    [Fact]
    public void All_quarries_come_on_alike_and_one_that_is_over_takes_no_more_turns()
    {
        var order = new List<string>();
        ToyScenario Named(string name, ulong fatal) => new(breaks: seed =>
        {
            order.Add($"{name}{seed}");
            return seed == fatal;
        });
        var quarries = new[] { new Quarry(Named("a", 99), s_seeds, 1), new Quarry(Named("b", 2), s_seeds, 1), new Quarry(Named("c", 99), s_seeds, 1) };
        new Hunt(quarries, s_seeds.Count, jobs: 1).Run();
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "c2", "a3", "c3", "a4", "c4"], order.Take(10));
    }

    [Fact]
    public void A_scenario_that_cannot_be_run_ends_its_own_hunt_and_no_other()
    {
        var broken = new Quarry(new ToyScenario(breaks: seed => seed == 3 ? throw new InvalidOperationException("planted") : seed == 2), s_seeds, killsWanted: 0);
        var sound = new Quarry(new ToyScenario(), s_seeds, killsWanted: 0);
        new Hunt([broken, sound], s_seeds.Count, jobs: 4).Run();
        Assert.Equal(("seed 3: InvalidOperationException: planted", 2, 1), (broken.Crash, broken.Results.Count, broken.Kills));
        Assert.Equal((null, 30), (sound.Crash, sound.Results.Count));
    }

    [Fact]
    public void A_crash_behind_the_last_wanted_kill_does_not_count()
    {
        var quarry = new Quarry(new ToyScenario(breaks: seed => seed == 3 ? throw new InvalidOperationException("planted") : seed == 2), s_seeds, killsWanted: 1);
        new Hunt([quarry], s_seeds.Count, jobs: 8).Run();
        Assert.Equal((null, 2, 1), (quarry.Crash, quarry.Results.Count, quarry.Kills));
    }

    [Fact]
    public void Progress_reaches_the_total_which_shrinks_as_quarries_fall()
    {
        var quarry = new Quarry(new ToyScenario(breaks: seed => seed == 2), s_seeds, killsWanted: 1);
        var hunt = new Hunt([quarry], s_seeds.Count, jobs: 1);
        Assert.Equal((0, 30), hunt.Progress);
        var looks = 0;
        hunt.Run(() => Interlocked.Increment(ref looks));
        Assert.Equal((2, 2), hunt.Progress);
        Assert.Equal(1, hunt.Kills);
        Assert.True(looks >= 1);
    }
}
