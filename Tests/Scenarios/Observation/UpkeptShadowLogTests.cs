using System;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;
using Tests.Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Observation;

/// <summary>The checker's reading of logs that begin later and have holes: it bears what upkeep may do to them, and nothing else.</summary>
public class UpkeptShadowLogTests
{
    private static readonly LogUpkeep s_compacted = new(Compacts: true, Deletes: true, 0, 0);
    private readonly SimWorld _world = new(1);
    private readonly SimMachine _machine;
    private readonly ShadowLog _log;

    public UpkeptShadowLogTests()
    {
        _machine = _world.AddMachine("broker");
        _log = new ShadowLog(_machine.Disk, "t-0", s_compacted);
    }

    [Fact]
    public void Records_of_one_batch_are_told_apart_and_known_again_when_their_batch_is_written_anew()
    {
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1", "b1", "a2"));
        _log.Follow(3);
        var (first, third) = (_log.IdentityAt(0), _log.IdentityAt(2));
        Assert.NotEqual(first, third);
        Write("00000000000000000000.log", CompactedLog.BatchOf(2, "a2"));
        _log.Follow(3, rewrites: 1);
        Assert.Equal((0UL, third), (_log.IdentityAt(0), _log.IdentityAt(2)));
        Assert.Equal(first, _log.BeforeRewrite!.At(0).Identity);
    }

    [Fact]
    public void A_log_may_begin_above_zero_and_go_on_behind_a_hole()
    {
        Write("00000000000000000005.log", CompactedLog.BatchOf(6, "a1"));
        Write("00000000000000000007.log", CompactedLog.BatchOf(9, "b1"));
        _log.Follow(10, logStart: 5);
        Assert.Equal((5, 10, null), (_log.First, _log.End, _log.Disorder));
        Assert.Equal((false, true, false, true), (_log.At(5).IsHeld, _log.At(6).IsHeld, _log.At(8).IsHeld, _log.At(9).IsHeld));
    }

    [Fact]
    public void Offsets_that_fall_are_a_disorder_still()
    {
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1", "b1"), CompactedLog.BatchOf(1, "c1"));
        _log.Follow(3);
        Assert.EndsWith("begins at offset 1, but 2 is next", _log.Disorder, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_waits_to_replace_others_is_read_in_their_place()
    {
        Write("00000000000000000000.log.swap", CompactedLog.BatchOf(2, "a2"), CompactedLog.BatchOf(3, "b1"));
        Write("00000000000000000002.log", CompactedLog.BatchOf(2, "a2"), CompactedLog.BatchOf(3, "b1"));
        Write("00000000000000000004.log", CompactedLog.BatchOf(4, "c1"));
        _log.Follow(5);
        Assert.Equal((5, null), (_log.End, _log.Disorder));
        Assert.False(_log.At(1).IsHeld);
    }

    [Fact]
    public void A_log_that_begins_anew_above_its_end_has_nothing_below()
    {
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"));
        _log.Follow(1);
        Delete("00000000000000000000.log");
        Write("00000000000000000007.log", CompactedLog.BatchOf(7, "b1"));
        _log.Follow(7, logStart: 7);
        Assert.Equal((7, 7), (_log.First, _log.End));
        _log.Follow(8, logStart: 7);
        Assert.True(_log.At(7).IsHeld);
    }

    [Fact]
    public void A_log_all_of_whose_records_are_deleted_goes_on_in_the_segment_that_holds_them()
    {
        var log = new ShadowLog(_machine.Disk, "t-0", s_compacted with { Compacts = false });
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"), CompactedLog.BatchOf(1, "b1", "b2"));
        log.Follow(3, logStart: 3); // a broker, or a partition on it, that has come again
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"), CompactedLog.BatchOf(1, "b1", "b2"), CompactedLog.BatchOf(3, "c1"), CompactedLog.BatchOf(2, "b3"));
        log.Follow(4, logStart: 3);
        Assert.Equal((3, 4, null, true), (log.First, log.End, log.Disorder, log.At(3).IsHeld));
        log.Follow(5, logStart: 3);
        Assert.EndsWith("begins at offset 2, but 4 is next", log.Disorder, StringComparison.Ordinal);
    }

    /// <summary>Found by retention-and-compaction's seeds 960, 1107 and 1111.</summary>
    [Fact]
    public void A_log_that_begins_anew_in_the_middle_of_a_batch_forgets_it()
    {
        var log = new ShadowLog(_machine.Disk, "t-0", s_compacted with { Compacts = false });
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"), CompactedLog.BatchOf(1, "b1", "b2", "b3"));
        log.Follow(4);
        log.Follow(2, logStart: 2); // emptied, to begin at 2; the old file is still there
        Delete("00000000000000000000.log");
        Write("00000000000000000002.log", CompactedLog.BatchOf(2, "c1"), CompactedLog.BatchOf(3, "c2"));
        log.Follow(4, logStart: 2);
        Assert.Equal((2, 4, null), (log.First, log.End, log.Disorder));
    }

    [Fact]
    public void A_cut_into_a_hole_leaves_the_hole()
    {
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"), CompactedLog.BatchOf(4, "b1"));
        _log.Follow(5);
        Write("00000000000000000000.log", CompactedLog.BatchOf(0, "a1"), CompactedLog.BatchOf(3, "c1"));
        _log.Follow(3);
        Assert.Equal(3, _log.End);
        _log.Follow(4);
        Assert.Equal((4, null, true), (_log.End, _log.Disorder, _log.At(3).IsHeld));
    }

    [Fact]
    public void What_matches_has_no_hole_that_compaction_could_not_have_made()
    {
        var whole = new CompactedLog().Appended(1, "a1 b1 a2 c- d1");
        Assert.Equal(5, whole.Appended(2, ". b1 a2 . d1")[2].Matched);
        Assert.Equal(1, whole.Appended(3, "a1 . a2 c- d1")[3].Matched);
    }

    [Fact]
    public void A_hole_that_was_there_from_the_first_is_told_from_one_that_came_later()
    {
        var log = new CompactedLog().Appended(1, "a1 b1 a2").Appended(2, ". b1 a2");
        Assert.Equal((false, true), (log[1].WasSkipped(0), log[2].WasSkipped(0)));
        Assert.False(log.Compacted(1, ". b1 a2")[1].WasSkipped(0));
        log[2].Reset();
        Assert.True(log.Appended(2, ". b1 a2")[2].WasSkipped(0));
    }

    private void Write(string name, params byte[][] batches) => OnDisk(async disk =>
    {
        await disk.CreateDirectory("t-0");
        var file = await disk.Open("t-0/" + name, OpenMode.OpenOrCreate);
        await file.SetLength(0);
        await file.Write(0, batches.SelectMany(b => b).ToArray());
    });

    private void Delete(string name) => OnDisk(disk => disk.Delete("t-0/" + name));

    private void OnDisk(Func<IDisk, LoopTask> work)
    {
        _machine.Start(node => work(node.Disk));
        Assert.True(_world.RunUntil(() => !_machine.IsUp, TimeSpan.FromSeconds(10)));
    }
}
