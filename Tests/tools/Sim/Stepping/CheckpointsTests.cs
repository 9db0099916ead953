using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Simulator.Engine.Exploration;
using tools.Sim.Stepping;
using Xunit;

namespace Tests.tools.Sim.Stepping;

/// <summary>However long a run proves, its checkpoints stay few and evenly spaced.</summary>
public class CheckpointsTests
{
    private const int Most = 8;
    private const long Spacing = 10;

    [Fact]
    public void They_are_thinned_evenly_and_never_too_many() => Prop.ForAll(Gen.Choose(0, 100).ToArbitrary(), added =>
    {
        var (checkpoints, gone) = Filled(added);
        var kept = Kept(checkpoints, gone, added);
        return checkpoints.Count is >= 1 and <= Most
            && kept.Count == checkpoints.Count
            && kept.SequenceEqual(Enumerable.Range(0, kept.Count).Select(i => i * checkpoints.Spacing))
            && checkpoints.NextEvent == kept[^1] + checkpoints.Spacing;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_last_one_before_a_moment_is_found_by_event_and_by_time()
    {
        var (checkpoints, _) = Filled(5);
        Assert.Equal(20, checkpoints.LastBefore(new RunPoint(null, 30)).Event);
        Assert.Equal(30, checkpoints.LastBefore(new RunPoint(null, 31)).Event);
        Assert.Equal(20, checkpoints.LastBefore(new RunPoint(3000, null)).Event);
        Assert.Equal(30, checkpoints.LastBefore(new RunPoint(3001, null)).Event);
        Assert.Equal(0, checkpoints.LastBefore(new RunPoint(0, null)).Event);
        Assert.Equal(0, checkpoints.LastBefore(new RunPoint(null, 0)).Event);
        Assert.Equal(50, checkpoints.LastBefore(default).Event);
        Assert.Equal(30, checkpoints.LastBefore(default, earlier: 2).Event);
        Assert.Equal(0, checkpoints.LastBefore(default, earlier: 99).Event);
    }

    [Fact]
    public void What_is_cut_can_be_added_again()
    {
        var (checkpoints, _) = Filled(5);
        Assert.Equal([30, 40, 50], checkpoints.CutAt(25).Select(c => c.Event));
        Assert.Equal((3, 30), (checkpoints.Count, checkpoints.NextEvent));
    }

    private static (Checkpoints Checkpoints, HashSet<long> Gone) Filled(int added)
    {
        var checkpoints = new Checkpoints(At(0), Most, Spacing);
        var gone = new HashSet<long>();
        for (var i = 0; i < added; i++) gone.UnionWith(checkpoints.Add(At(checkpoints.NextEvent)).Select(c => c.Event));
        return (checkpoints, gone);
    }

    private static List<long> Kept(Checkpoints checkpoints, HashSet<long> gone, int added)
    {
        var kept = new List<long>();
        for (var next = checkpoints.LastBefore(default); ; next = checkpoints.LastBefore(new RunPoint(null, next.Event)))
        {
            kept.Insert(0, next.Event);
            if (next.Event == 0) break;
        }

        Assert.True(added == 0 || !gone.Overlaps(kept));
        return kept;
    }

    private static Checkpoint At(long number) => new(new Place((int)number, 1), number, number * 100);
}
