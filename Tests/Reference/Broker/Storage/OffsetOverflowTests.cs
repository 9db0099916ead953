using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>Indexes express offsets in 4 bytes relative to a segment's base: no segment is let grow beyond that, and one found is split (KAFKA-6264).</summary>
public class OffsetOverflowTests
{
    private const long Far = 3_000_000_000;
    private const string Folder = "/data/orders-0/";
    private readonly StorageBox _box = new() { Config = LogConfig.Default with { FlushMessages = 1 } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_follower_begins_a_new_segment_where_the_leaders_gaps_are_too_wide(bool inOrder)
    {
        string[] expected = ["0@1=a", $"{Far}@1=b", $"{Far + 1}@1=c", $"{3 * Far}@1=d"];
        _box.RunLog(
            async log =>
            {
                log.StartFollowing(1);
                await log.AppendAsFollower(Join(0, Far, Far + 1, 3 * Far), 1);
                Assert.Equal(expected, await Batches.Dump(log));
                Assert.Equal([0, Far, 3 * Far], log.Segments.Select(s => s.BaseOffset));
                Assert.Equal((3 * Far) + 1, log.LogEndOffset);
            },
            inOrder);
        _box.RunLog(async log => Assert.Equal(expected, await Batches.Dump(log)));
    }

    [Fact]
    public void So_does_one_that_has_nothing_yet() => _box.RunLog(async log =>
    {
        log.StartFollowing(1);
        await log.AppendAsFollower(Join(Far), 1);
        Assert.Equal([$"{Far}@1=a"], await Batches.Dump(log));
        Assert.Equal(Far, log.Segments[^1].BaseOffset);
    });

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_segment_that_reaches_too_far_is_split(bool inOrder, bool isLast)
    {
        var after = (4 * Far) + 1;
        if (!isLast) _box.Write($"{Folder}{after:D20}.log", Batches.At(after, 1, 1000, "next"));
        _box.Write($"{Folder}{0:D20}.log", Join(0, 5, Far, Far + 1, 2 * Far, 4 * Far));
        Mark(inOrder);
        string[] expected = ["0@1=a", "5@1=b", $"{Far}@1=c", $"{Far + 1}@1=d", $"{2 * Far}@1=e", $"{4 * Far}@1=f"];
        if (!isLast) expected = [.. expected, $"{after}@1=next"];
        long[] bases = isLast ? [0, Far, 2 * Far, 4 * Far] : [0, Far, 2 * Far, 4 * Far, after];
        for (var start = 0; start < 2; start++)
        {
            _box.RunLog(
                async log =>
                {
                    Assert.Equal(expected, await Batches.Dump(log));
                    Assert.Equal(expected[2..], await Batches.Dump(log, Far));
                    Assert.Equal(bases, log.Segments.Select(s => s.BaseOffset));
                },
                shutDown: true);
        }
    }

    [Fact]
    public void A_part_begins_where_the_one_before_ends_so_that_no_later_recovery_takes_it_for_one_behind_a_loss()
    {
        _box.Write($"{Folder}{0:D20}.log", Join(0, 2_147_483_600, 2_147_483_700));
        for (var start = 0; start < 2; start++)
        {
            Mark(inOrder: false);
            _box.Run(node => node.Disk.Delete("/data/recovery-point-offset-checkpoint"));
            _box.RunLog(async log =>
            {
                Assert.Equal(["0@1=a", "2147483600@1=b", "2147483700@1=c"], await Batches.Dump(log));
                Assert.Equal(["2147483700@1=c"], await Batches.Dump(log, 2_147_483_601));
                Assert.Equal([0, 2_147_483_601], log.Segments.Select(s => s.BaseOffset));
            });
        }
    }

    [Fact]
    public void A_segment_behind_a_wide_gap_is_kept_though_its_first_batch_was_compacted_away()
    {
        _box.Write($"{Folder}{0:D20}.log", Join(0));
        _box.Write($"{Folder}{Far:D20}.log", Batches.At(Far + 1, 1, 1000, "b"));
        _box.RunLog(async log => Assert.Equal(["0@1=a", $"{Far + 1}@1=b"], await Batches.Dump(log)));
    }

    [Fact]
    public void Before_a_wide_gap_everything_is_flushed() => _box.RunLog(async log =>
    {
        log.Config = LogConfig.Default;
        log.StartFollowing(1);
        await log.AppendAsFollower(Join(0), 1);
        Assert.Equal(0, log.RecoveryPoint);
        await log.AppendAsFollower(Batches.At(Far, 1, 1000, "b"), 1);
        Assert.Equal(1, log.RecoveryPoint);
    });

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(50)]
    public void A_crash_anywhere_in_the_split_loses_and_doubles_nothing(int rounds)
    {
        _box.Write($"{Folder}{0:D20}.log", Join(0, Far, 2 * Far));
        for (var events = 1; events <= rounds; events++)
        {
            Mark(inOrder: events % 2 == 0);
            var ended = false;
            _box.Machine.Exited = (_, _) => ended = true;
            _box.Machine.Start(async node => await _box.Load(node));
            _box.Machine.CrashAfterEvents(events, null);
            _box.World.RunUntil(() => ended || !_box.Machine.IsUp, System.TimeSpan.FromMinutes(1));
            if (events % 3 == 0) _box.Machine.LosePower();
        }

        _box.RunLog(async log => Assert.Equal(["0@1=a", $"{Far}@1=b", $"{2 * Far}@1=c"], await Batches.Dump(log)));
        Assert.Equal(3, _box.List(Folder).Count(n => n.EndsWith(".log", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void Parts_of_a_split_that_had_not_got_all_their_names_are_thrown_away()
    {
        _box.Write($"{Folder}{0:D20}.log", Join(0, 7));
        _box.Write($"{Folder}{0:D20}.log.cleaned", Join(0));
        _box.Write($"{Folder}{7:D20}.log.swap", Batches.At(7, 1, 1000, "b"));
        _box.RunLog(async log => Assert.Equal(["0@1=a", "7@1=b"], await Batches.Dump(log)));
        Assert.Equal([$"{0:D20}.log"], _box.List(Folder).Where(n => n.Contains(".log", System.StringComparison.Ordinal)));
    }

    private void Mark(bool inOrder)
    {
        if (inOrder) _box.Write("/data/.kafka_cleanshutdown", []);
        else _box.Run(node => node.Disk.Delete("/data/.kafka_cleanshutdown"));
    }

    private static byte[] Join(params long[] offsets)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < offsets.Length; i++) bytes.AddRange(Batches.At(offsets[i], 1, 1000, $"{(char)('a' + i)}"));
        return [.. bytes];
    }
}
