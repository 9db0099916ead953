using System;
using System.Linq;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Broker.Storage;

public class PartitionLogTests
{
    private readonly StorageBox _box = new();

    [Fact]
    public void A_leader_assigns_offsets_and_its_epoch() => _box.RunLog(async log =>
    {
        Assert.Equal(0, await log.StartLeading(3));
        var first = await log.AppendAsLeader(Batches.Of("a", "b"), 3);
        var second = await log.AppendAsLeader(Batches.Of("c"), 3);
        Assert.Equal((0, 1, 1001), (first.BaseOffset, first.LastOffset, first.MaxTimestamp));
        Assert.Equal((2, 2), (second.BaseOffset, second.LastOffset));
        Assert.Equal(3, log.LogEndOffset);
        Assert.Equal(["0@3=a", "1@3=b", "2@3=c"], await Batches.Dump(log));
        Assert.Equal([new EpochEntry(3, 0)], log.Epochs.Entries);
    });

    [Fact]
    public void An_epoch_whose_first_batches_the_leader_compacted_away_begins_where_those_before_it_end() => _box.RunLog(async log =>
    {
        log.StartFollowing(9);
        await log.AppendAsFollower(Batches.At(0, 4, 1, "a", "b"), 9);
        await log.AppendAsFollower((byte[])[.. Batches.At(7, 6, 1, "h"), .. Batches.At(12, 9, 1, "m")], 9);
        Assert.Equal([new EpochEntry(4, 0), new EpochEntry(6, 2), new EpochEntry(9, 8)], log.Epochs.Entries);
        Assert.Equal(new EpochEntry(4, 2), log.EndOffsetForEpoch(4)); // a follower may hold other records of epoch 4 from 2 on, which were never committed
    });

    [Fact]
    public void A_follower_takes_only_what_continues_its_log() => _box.RunLog(async log =>
    {
        log.StartFollowing(5);
        await log.AppendAsFollower(Batches.At(0, 4, 1, "a", "b"), 5);
        var again = await Refused.With<UnexpectedAppendOffsetException>(log.AppendAsFollower(Batches.At(1, 4, 1, "b"), 5).AsVoid());
        Assert.Equal((2, 1), (again.Expected, again.Actual));
        byte[] torn = [.. Batches.At(2, 5, 1, "c"), .. Batches.At(3, 5, 1, "d")[..65]];
        Assert.Equal(1, (await log.AppendAsFollower(torn, 5)).RecordCount);
        Assert.Equal(["0@4=a", "1@4=b", "2@5=c"], await Batches.Dump(log));
        Assert.Equal([new EpochEntry(4, 0), new EpochEntry(5, 2)], log.Epochs.Entries);
        await log.AppendAsFollower(Batches.At(9, 5, 1, "j"), 5); // the leader's log is compacted in between
        Assert.Equal("9@5=j", Assert.Single(await Batches.Dump(log, 3)));
        Assert.Equal(10, log.LogEndOffset);
    });

    [Fact]
    public void An_append_of_an_earlier_role_is_refused_even_if_it_waits_already() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        var running = log.AppendAsLeader(Batches.Of("a"), 1);
        var waiting = log.AppendAsLeader(Batches.Of("b"), 1);
        log.StartFollowing(2);
        Assert.Equal(0, (await running).BaseOffset);
        await Refused.With<StaleAppendException>(waiting.AsVoid());
        await Refused.With<StaleAppendException>(log.AppendAsLeader(Batches.Of("c"), 1).AsVoid());
        await Refused.With<StaleAppendException>(log.AppendAsFollower(Batches.At(1, 1, 1, "d"), 1).AsVoid());
        Assert.Equal(1, log.LogEndOffset);
    });

    [Fact]
    public void Bad_batches_are_refused_by_name_and_leave_the_log_as_it_was()
    {
        _box.Config = LogConfig.Default with { MaxMessageBytes = 200, SegmentBytes = 1000, MessageTimestampDifferenceMaxMillis = 1 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            var now = 1_700_000_000_000;
            await Refused.With<InvalidTimestampException>(log.AppendAsLeader(Batches.Of("old"), 1).AsVoid());
            log.Config = log.Config with { MessageTimestampDifferenceMaxMillis = long.MaxValue };
            await Refused.With<RecordTooLargeException>(log.AppendAsLeader(Batches.At(0, -1, now, new string('x', 200)), 1).AsVoid());
            await Refused.With<RecordBatchTooLargeException>(log.AppendAsLeader(Batches.At(0, -1, now, new string('x', 1000)), 1).AsVoid());
            var flipped = Batches.Of("a");
            flipped[^1] ^= 1;
            Assert.Equal(ErrorCode.CorruptMessage, (await Refused.With<InvalidBatchException>(log.AppendAsLeader(flipped, 1).AsVoid())).Code);
            Assert.Equal(RecordBatchProblem.WrongLength, (await Refused.With<InvalidBatchException>(log.AppendAsLeader(Batches.Of("a")[..^1], 1).AsVoid())).Problem);
            await Refused.With<InvalidBatchException>(log.AppendAsLeader(Array.Empty<byte>(), 1).AsVoid());
            Assert.Equal(0, log.LogEndOffset);
        });
    }

    [Fact]
    public void LogAppendTime_is_stamped_and_renews_the_checksum()
    {
        _box.Config = LogConfig.Default with { MessageTimestampType = TimestampType.LogAppendTime };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            var batch = Batches.Of("a", "b");
            var info = await log.AppendAsLeader(batch, 1);
            Assert.InRange(info.LogAppendTimeMillis, 1_700_000_000_000, 1_700_000_010_000);
            Assert.Equal(info.LogAppendTimeMillis, info.MaxTimestamp);
            Assert.True(RecordBatchValidator.ValidateEnvelope(batch).IsSound);
        });
    }

    [Fact]
    public void Consumers_see_up_to_the_high_watermark_and_followers_to_the_end() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        foreach (var value in (string[])["a", "b", "c"]) await log.AppendAsLeader(Batches.Of(value), 1);
        log.UpdateHighWatermark(2);
        Assert.Equal(["0@1=a", "1@1=b"], await Batches.Dump(log, 0, FetchIsolation.HighWatermark));
        Assert.Equal(3, (await Batches.Dump(log)).Count);
        Assert.Equal(0, (await log.Read(2, 1000, FetchIsolation.HighWatermark)).Slice.Count);
        Assert.Equal(0, (await log.Read(3, 1000, FetchIsolation.LogEnd)).Slice.Count);
        await Refused.With<OffsetOutOfRangeException>(log.Read(4, 1000, FetchIsolation.LogEnd).AsVoid());
        Assert.Equal(3, log.UpdateHighWatermark(99));
    });

    [Fact]
    public void The_byte_limit_cuts_slices_but_at_least_one_batch_is_given_on_demand() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of("a"), 1);
        await log.AppendAsLeader(Batches.Of("b"), 1);
        var size = Batches.Of("a").Length;
        Assert.Equal(10, (await log.Read(0, 10, FetchIsolation.LogEnd)).Slice.Count);
        Assert.Equal(size, (await log.Read(0, 10, FetchIsolation.LogEnd, minOneBatch: true)).Slice.Count);
        Assert.Equal(size + 10, (await log.Read(0, size + 10, FetchIsolation.LogEnd, minOneBatch: true)).Slice.Count);
    });

    [Fact]
    public void A_read_under_way_does_not_see_what_is_appended_meanwhile()
    {
        _box.Config = LogConfig.Default with { IndexIntervalBytes = 100 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 600; i++) await log.AppendAsLeader(Batches.Of("x"), 1); // more than the tail remembers
            log.UpdateHighWatermark(600);
            var size = log.Segments[0].Size;
            var read = log.Read(0, int.MaxValue, FetchIsolation.HighWatermark);
            Assert.False(read.IsCompleted);
            await log.AppendAsLeader(Batches.Of("unseen"), 1);
            Assert.Equal(size, (await read).Slice.Count);
        });
    }

    [Fact]
    public void Segments_roll_by_size_and_reads_cross_them()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 200, IndexIntervalBytes = 50 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 20; i++) await log.AppendAsLeader(Batches.Of($"v{i}"), 1);
            Assert.True(log.Segments.Count >= 8);
            Assert.All(log.Segments, s => Assert.InRange(s.Size, 1, 200));
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}@1=v{i}"), await Batches.Dump(log));
            Assert.Equal(Enumerable.Range(7, 13).Select(i => $"{i}@1=v{i}"), await Batches.Dump(log, 7));
        });
    }

    [Fact]
    public void Records_are_found_by_timestamp()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 300, IndexIntervalBytes = 50 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 20; i++) await log.AppendAsLeader(Batches.At(0, -1, 1000 + (i * 10), "a", "b"), 1);
            Assert.Equal(new TimestampOffset(1000, 0, 1), await log.OffsetForTimestamp(0, 40));
            Assert.Equal(new TimestampOffset(1101, 21, 1), await log.OffsetForTimestamp(1101, 40));
            Assert.Equal(new TimestampOffset(1110, 22, 1), await log.OffsetForTimestamp(1102, 40));
            Assert.Null(await log.OffsetForTimestamp(1192, 40));
            Assert.Null(await log.OffsetForTimestamp(1101, 21));
        });
    }

    [Fact]
    public void Truncation_drops_records_segments_and_epochs()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 200 };
        _box.RunLog(async log =>
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                await log.StartLeading(epoch);
                for (var i = 0; i < 4; i++) await log.AppendAsLeader(Batches.Of($"e{epoch}"), epoch);
            }

            log.UpdateHighWatermark(10);
            log.StartFollowing(4);
            Assert.Equal(5, await log.TruncateTo(5));
            Assert.Equal((5, 5), (log.LogEndOffset, log.HighWatermark));
            Assert.Equal([new EpochEntry(1, 0), new EpochEntry(2, 4)], log.Epochs.Entries);
            await log.AppendAsFollower(Batches.At(5, 4, 1, "new"), 4);
            Assert.Equal(["4@2=e2", "5@4=new"], await Batches.Dump(log, 4));
            Assert.Equal(new EpochEntry(2, 5), log.EndOffsetForEpoch(3));
        });
    }

    [Fact]
    public void An_epoch_that_began_without_a_record_is_dropped_by_a_truncation_to_the_end() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of("a"), 1);
        await log.StartLeading(2);
        log.StartFollowing(3);
        await log.TruncateTo(1);
        Assert.Equal([new EpochEntry(1, 0)], log.Epochs.Entries);
    });

    [Fact]
    public void Truncating_inside_a_batch_drops_the_batch() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of("a"), 1);
        await log.AppendAsLeader(Batches.Of("b", "c", "d"), 1);
        Assert.Equal(1, await log.TruncateTo(3));
        Assert.Equal(["0@1=a"], await Batches.Dump(log));
    });

    [Fact]
    public void A_full_truncation_starts_anew_at_any_offset() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of("a"), 1);
        log.StartFollowing(2);
        await log.TruncateFullyAndStartAt(100);
        Assert.Equal((100, 100, 100), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset));
        await log.AppendAsFollower(Batches.At(100, 2, 1, "z"), 2);
        await log.TruncateFullyAndStartAt(100);
        Assert.Empty(await Batches.Dump(log));
        Assert.Empty(log.Epochs.Entries);
    });

    [Fact]
    public void Deleting_records_moves_the_start_and_retention_drops_the_segments_below_it()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 150, RetentionMillis = -1 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 6; i++) await log.AppendAsLeader(Batches.Of($"v{i}"), 1);
            await Refused.With<OffsetOutOfRangeException>(log.IncrementLogStartOffset(3));
            log.UpdateHighWatermark(6);
            await log.IncrementLogStartOffset(3);
            await Refused.With<OffsetOutOfRangeException>(log.Read(2, 100, FetchIsolation.LogEnd).AsVoid());
            Assert.Equal(1, await log.DeleteOldSegments());
            Assert.Equal((3, 2), (log.LogStartOffset, log.FirstSegmentBaseOffset));
            Assert.Equal([new EpochEntry(1, 3)], log.Epochs.Entries);
            Assert.Equal(["3@1=v3", "4@1=v4", "5@1=v5"], await Batches.Dump(log));
        });
    }

    [Fact]
    public void Retention_by_time_rolls_and_empties_an_old_log_and_its_offsets_go_on()
    {
        _box.Config = LogConfig.Default with { RetentionMillis = 1000 };
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            await log.AppendAsLeader(Batches.Of("old"), 1);
            log.UpdateHighWatermark(1);
            Assert.Equal(1, await log.DeleteOldSegments());
            Assert.Equal((1, 1), (log.LogStartOffset, log.LogEndOffset));
            Assert.Equal(1, (await log.AppendAsLeader(Batches.Of("new"), 1)).BaseOffset);
        });
    }

    [Fact]
    public void Segments_with_jitter_roll_at_ages_of_their_own()
    {
        var box = new StorageBox { Config = LogConfig.Default with { SegmentMillis = 1000, SegmentJitterMillis = 900 } };
        box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 400; i++) await log.AppendAsLeader(Batches.At(0, -1, i * 10, "x"), 1);
            var ages = new System.Collections.Generic.List<long>();
            for (var i = 1; i < log.Segments.Count; i++) ages.Add((log.Segments[i].BaseOffset - log.Segments[i - 1].BaseOffset) * 10);
            Assert.True(ages.Count > 4);
            Assert.All(ages, age => Assert.InRange(age, 100, 1020));
            Assert.True(new System.Collections.Generic.HashSet<long>(ages).Count > 2);
        });
    }
}
