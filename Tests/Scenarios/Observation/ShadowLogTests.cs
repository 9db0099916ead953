using System;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;
using Tests.Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Observation;

/// <summary>The checker's own reading of a log: it follows what the broker says, record by record, and never believes more than the disk holds.</summary>
public class ShadowLogTests
{
    private const string First = "00000000000000000000.log";
    private readonly SimWorld _world = new(1);
    private readonly SimMachine _machine;
    private readonly ShadowLog _log;

    public ShadowLogTests()
    {
        _machine = _world.AddMachine("broker");
        _log = new ShadowLog(_machine.Disk, "t-0");
    }

    [Fact]
    public void It_reads_on_as_the_log_grows_and_no_further_than_the_broker_says()
    {
        Write(First, Observed.BatchOf(0, 1, "a", "b"), Observed.BatchOf(2, 1, "c"));
        _log.Follow(2);
        Assert.Equal(2, _log.End);
        _log.Follow(3);
        Assert.Equal(3, _log.End);
        Assert.Equal(_log.IdentityAt(0), _log.IdentityAt(1)); // of one batch
        Assert.NotEqual(_log.IdentityAt(1), _log.IdentityAt(2));
        _log.Follow(9);
        Assert.Equal((3, null), (_log.End, _log.Disorder));
    }

    [Fact]
    public void It_goes_from_segment_to_segment_and_past_files_that_are_none()
    {
        Write(First, Observed.BatchOf(0, 1, "a"));
        Write("00000000000000000000.index", [1, 2, 3]);
        Write("00000000000000000001.log", Observed.BatchOf(1, 1, "b"));
        Write("leader-epoch-checkpoint", [4]);
        _log.Follow(2);
        Assert.Equal((2, null), (_log.End, _log.Disorder));
    }

    [Fact]
    public void The_same_value_in_another_leader_epoch_is_another_record()
    {
        Write(First, Observed.BatchOf(0, 1, "a"));
        _log.Follow(1);
        var before = _log.IdentityAt(0);
        Write(First, Observed.BatchOf(0, 2, "a"));
        _log.Reset();
        _log.Follow(1);
        Assert.NotEqual(before, _log.IdentityAt(0));
    }

    [Fact]
    public void A_cut_log_is_read_anew_from_the_cut()
    {
        Write(First, Observed.BatchOf(0, 1, "a"), Observed.BatchOf(1, 1, "b"));
        Write("00000000000000000002.log", Observed.BatchOf(2, 1, "c"));
        _log.Follow(3);
        var (first, second) = (_log.IdentityAt(0), _log.IdentityAt(1));
        Write(First, Observed.BatchOf(0, 1, "a"), Observed.BatchOf(1, 2, "X"));
        Delete("00000000000000000002.log");
        _log.Follow(1);
        Assert.Equal(1, _log.End);
        _log.Follow(2);
        Assert.Equal((2, first), (_log.End, _log.IdentityAt(0)));
        Assert.NotEqual(second, _log.IdentityAt(1));
        _log.Follow(0);
        Assert.Equal(0, _log.End);
    }

    [Fact]
    public void What_matched_the_committed_log_is_forgotten_with_a_cut_and_found_again()
    {
        Write(First, Observed.BatchOf(0, 1, "a"), Observed.BatchOf(1, 1, "b"));
        _log.Follow(2);
        var committed = new CommittedLog();
        committed.Extend(_log, highWatermark: 2);
        _log.Match(committed);
        Assert.Equal((2, 2), (committed.End, _log.Matched));
        _log.Follow(1);
        Assert.Equal(1, _log.Matched);
        Write(First, Observed.BatchOf(0, 1, "a"), Observed.BatchOf(1, 2, "X"));
        _log.Follow(2);
        _log.Match(committed);
        Assert.Equal((2, 1), (_log.End, _log.Matched));
    }

    [Fact]
    public void A_high_watermark_beyond_what_stands_on_disk_commits_nothing_that_is_not_there()
    {
        Write(First, Observed.BatchOf(0, 1, "a"));
        _log.Follow(1);
        var committed = new CommittedLog();
        committed.Extend(_log, highWatermark: 5);
        Assert.Equal(1, committed.End);
    }

    [Fact]
    public void Files_that_do_not_go_on_offset_by_offset_are_named()
    {
        Write(First, Observed.BatchOf(0, 1, "a"), Observed.BatchOf(2, 1, "c"));
        _log.Follow(3);
        Assert.Equal(1, _log.End);
        Assert.StartsWith("t-0/00000000000000000000.log: the batch at position ", _log.Disorder, StringComparison.Ordinal);
        Assert.EndsWith("begins at offset 2, but 1 is next", _log.Disorder, StringComparison.Ordinal);
        _log.Reset();
        Assert.Null(_log.Disorder);
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
