using System;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>Compaction of one log: what goes, what stays, and what is written down about it.</summary>
public class LogCleanerTests
{
    private readonly StorageBox _box = CompactedBox.Create();

    [Fact]
    public void Of_each_key_the_latest_record_stays_where_it_was()
    {
        Work(async (manager, log) =>
        {
            for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}", $"k{i % 3}={i}");
            var active = log.Segments[^1].BaseOffset;
            var before = await CompactedBox.Dump(log);
            Assert.Equal(1, await CompactedBox.CleanAll(manager));
            var after = await CompactedBox.Dump(log);
            Assert.Equal(4 + log.LogEndOffset - active, after.Count);
            Assert.True(before.Where(after.Contains).SequenceEqual(after)); // offsets as they were
            Assert.Equal(CompactedBox.Latest(before), CompactedBox.Latest(after));
            Assert.Equal(active, log.CleanedUpTo);
            Assert.Equal(0, await CompactedBox.CleanAll(manager));
            for (var i = 0; i < 8; i++) await CompactedBox.Append(log, $"a=more{i}");
            var grown = log.Segments.Count;
            await CompactedBox.CleanAll(manager);
            Assert.True(log.Segments.Count < grown - 2, $"{grown} segments became {log.Segments.Count}"); // those that have become small become one
            for (var i = 1; i < log.Segments.Count; i++) Assert.Equal(log.Segments[i].BaseOffset, log.Segments[i - 1].NextOffset);
        });
        Assert.StartsWith("0\n1\norders 0 ", Encoding.UTF8.GetString(_box.Bytes("/data/cleaner-offset-checkpoint")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    public void Compressed_batches_are_compacted_record_by_record_and_stay_compressed(CompressionType compression) => Work(async (manager, log) =>
    {
        for (var i = 0; i < 12; i++) await log.AppendAsLeader(CompactedBox.Batch(compression, $"a={i}", $"b{i}={new string('x', 50)}"), 1);
        log.UpdateHighWatermark(log.LogEndOffset);
        await CompactedBox.CleanAll(manager);
        var dump = await CompactedBox.Dump(log);
        Assert.Equal(12, dump.Count(r => r.Contains(":b", StringComparison.Ordinal)));
        Assert.True(dump.Count(r => r.Contains(":a", StringComparison.Ordinal)) < 6);
        var first = (await (await log.Read(0, 100, FetchIsolation.LogEnd, minOneBatch: true)).Slice.ReadAll()).Span;
        Assert.Equal(compression, new RecordBatch(first).Compression);
    });

    [Fact]
    public void A_tombstone_stays_for_delete_retention_ms_after_its_first_compaction_and_keeps_its_timestamp()
    {
        _box.Config = _box.Config with { DeleteRetentionMillis = 60_000 };
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            await CompactedBox.Append(log, "a=1", "a", "b=1");
            await Dirty(log);
            await CompactedBox.CleanAll(manager);
            Assert.Equal(["1:a", "2:b=1"], (await CompactedBox.Dump(log)).Take(2));
            Assert.Equal(1001, (await log.OffsetForTimestamp(1001, 100))!.Value.Timestamp);
            await node.Clock.Delay(TimeSpan.FromSeconds(50));
            await Dirty(log);
            await CompactedBox.CleanAll(manager);
            Assert.Equal("1:a", (await CompactedBox.Dump(log))[0]);
            await node.Clock.Delay(TimeSpan.FromSeconds(20));
            await Dirty(log);
            await CompactedBox.CleanAll(manager);
            Assert.Equal("2:b=1", (await CompactedBox.Dump(log))[0]);
        });
    }

    [Fact]
    public void Control_batches_transactions_and_the_last_batch_of_a_producer_stay()
    {
        Work(async (manager, log) =>
        {
            log.StartFollowing(1);
            byte[][] batches =
            [
                CompactedBox.Fill(new RecordBatchBuilder { PartitionLeaderEpoch = 1, ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0 }, "a=1"),
                CompactedBox.Fill(new RecordBatchBuilder { PartitionLeaderEpoch = 1, ProducerId = 5, ProducerEpoch = 0, BaseSequence = 1 }, "a=2"),
                CompactedBox.Fill(new RecordBatchBuilder { PartitionLeaderEpoch = 1, ProducerId = 6, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, "a=3"),
                CompactedBox.Fill(new RecordBatchBuilder { PartitionLeaderEpoch = 1, ProducerId = 6, ProducerEpoch = 0, IsTransactional = true, IsControl = true }, "x"),
            ];
            foreach (var batch in batches)
            {
                RecordBatchPatch.SetBaseOffset(batch, log.LogEndOffset);
                await log.AppendAsFollower(batch, 1);
            }

            await log.StartLeading(2);
            for (var i = 0; i < 20; i++) await log.AppendAsLeader(CompactedBox.Batch(CompressionType.None, $"a=new{i}"), 2);
            log.UpdateHighWatermark(log.LogEndOffset);
            await CompactedBox.CleanAll(manager);
            var bytes = await (await log.Read(0, 10_000, FetchIsolation.LogEnd)).Slice.ReadAll();
            var found = new System.Collections.Generic.List<string>();
            foreach (var batch in new RecordBatches(bytes.Span)) found.Add($"{batch.BaseOffset} of {batch.ProducerId}: {batch.RecordCount}");
            Assert.Equal(["1 of 5: 0", "2 of 6: 1", "3 of 6: 1"], found.Take(3));
        });
    }

    [Fact]
    public void A_map_too_small_for_all_keys_compacts_in_several_rounds()
    {
        var options = new LogManagerOptions { Cleaner = new LogCleanerOptions { DedupeBufferBytes = OffsetMap.EntrySize * 10 } };
        Work(
            async (manager, log) =>
            {
                for (var i = 0; i < 60; i++) await CompactedBox.Append(log, $"k{i % 20}={i}");
                var before = CompactedBox.Latest(await CompactedBox.Dump(log));
                Assert.True(await CompactedBox.CleanAll(manager) > 2);
                var after = await CompactedBox.Dump(log);
                Assert.Equal(before, CompactedBox.Latest(after));
                Assert.True(after.Count < 40);
                Assert.Empty(manager.Cleaner.Uncleanable);
            },
            options);
    }

    [Fact]
    public void A_batch_with_more_keys_than_the_map_takes_makes_its_partition_uncleanable_and_the_others_go_on()
    {
        var options = new LogManagerOptions { Cleaner = new LogCleanerOptions { DedupeBufferBytes = OffsetMap.EntrySize * 4 } };
        Work(
            async (manager, log) =>
            {
                await CompactedBox.Append(log, "a=1", "b=1", "c=1", "d=1", "e=1");
                await Dirty(log);
                var other = await manager.GetOrCreate(new TopicPartition("other", 0));
                await other.StartLeading(1);
                for (var i = 0; i < 30; i++) await CompactedBox.Append(other, $"a={i}");
                await CompactedBox.CleanAll(manager);
                Assert.Contains("log.cleaner.dedupe.buffer.size", Assert.Single(manager.Cleaner.Uncleanable).Value, StringComparison.Ordinal);
                Assert.True(other.CleanedUpTo > 0);
            },
            options);
    }

    [Fact]
    public void A_topic_made_again_is_compacted_even_if_the_one_before_it_could_not_be()
    {
        var options = new LogManagerOptions { Cleaner = new LogCleanerOptions { DedupeBufferBytes = OffsetMap.EntrySize * 4 } };
        Work(
            async (manager, log) =>
            {
                await CompactedBox.Append(log, "a=1", "b=1", "c=1", "d=1", "e=1");
                await Dirty(log);
                await CompactedBox.CleanAll(manager);
                Assert.Single(manager.Cleaner.Uncleanable);
                await manager.Delete(StorageBox.Orders);
                Assert.Empty(manager.Cleaner.Uncleanable);
                var again = await manager.GetOrCreate(StorageBox.Orders);
                await again.StartLeading(1);
                for (var i = 0; i < 30; i++) await CompactedBox.Append(again, $"a={i}");
                await CompactedBox.CleanAll(manager);
                Assert.True(again.CleanedUpTo > 0);
            },
            options);
    }

    [Fact]
    public void A_damaged_segment_makes_its_partition_uncleanable_and_leaves_it_as_it_was()
    {
        Work(async (manager, log) =>
        {
            for (var i = 0; i < 20; i++) await CompactedBox.Append(log, $"a={i}");
            await log.Segments[0].File.Write(80, new byte[40]);
            await CompactedBox.CleanAll(manager);
            Assert.Contains("damaged", Assert.Single(manager.Cleaner.Uncleanable).Value, StringComparison.Ordinal);
            Assert.Null(log.CleanedUpTo);
            Assert.True(log.Directory.IsOnline);
        });
        Assert.DoesNotContain(_box.List("/data/orders-0"), n => n.EndsWith(".swap", StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncation_below_what_is_compacted_lowers_the_checkpoint_durably()
    {
        Work(async (manager, log) =>
        {
            for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}", $"k{i}=1");
            await CompactedBox.CleanAll(manager);
            Assert.True(log.CleanedUpTo > 20);
            await log.Flush();
            var cut = log.TruncateTo(20); // waits for the disk
            Assert.Equal((20, 20), (log.LogEndOffset, log.RecoveryPoint)); // or a checkpoint written meanwhile would promise what is gone
            await cut;
            Assert.InRange(log.CleanedUpTo!.Value, 0, 20);
        });
        _box.Machine.LosePower();
        _box.RunLog(log =>
        {
            Assert.InRange(log.CleanedUpTo!.Value, 0, log.LogEndOffset);
            return LoopTask.Completed;
        });
    }

    [Fact]
    public void A_log_cut_while_it_is_compacted_keeps_what_the_cut_left()
    {
        for (var micros = 100; micros < 6000; micros += 300)
        {
            var box = CompactedBox.Create();
            box.Run(async node =>
            {
                var manager = await box.Load(node);
                var log = await manager.GetOrCreate(StorageBox.Orders);
                await log.StartLeading(1);
                for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}", $"k{i}=1");
                var cleaning = manager.Cleaner.CleanFilthiest();
                await node.Clock.Delay(TimeSpan.FromMicroseconds(micros));
                await log.TruncateTo(20);
                await CompactedBox.Append(log, "a=new");
                await cleaning;
                Assert.Equal("new", CompactedBox.Latest(await CompactedBox.Dump(log))["a"]);
                Assert.Equal(10, (await CompactedBox.Dump(log)).Count(r => r.Contains(":k", StringComparison.Ordinal)));
                Assert.True(log.CleanedUpTo is null || log.CleanedUpTo <= log.LogEndOffset);
            });
        }
    }

    [Fact]
    public void A_record_without_a_key_is_refused() => Work(async (_, log) =>
    {
        var refused = await Refused.With<InvalidBatchException>(log.AppendAsLeader(Batches.Of("no key"), 1).AsVoid());
        Assert.Equal(ErrorCode.InvalidRecord, refused.Code);
        Assert.Equal(0, log.LogEndOffset);
    });

    [Fact]
    public void It_works_by_itself_no_faster_than_it_may()
    {
        var fast = Until(double.MaxValue);
        var slow = Until(1000);
        Assert.True(slow - fast > TimeSpan.FromSeconds(3), $"{fast}, {slow}"); // some 2 KB are read twice

        TimeSpan Until(double bytesPerSecond)
        {
            var box = CompactedBox.Create();
            var taken = TimeSpan.Zero;
            box.Run(async node =>
            {
                var options = new LogManagerOptions { Cleaner = new LogCleanerOptions { MaxBytesPerSecond = bytesPerSecond, Backoff = TimeSpan.FromSeconds(1) } };
                var manager = await CompactedBox.Load(box, node, options);
                var log = await manager.GetOrCreate(StorageBox.Orders);
                await log.StartLeading(1);
                for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}");
                manager.Start();
                var begun = node.Clock.MonotonicMicros;
                while (log.CleanedUpTo is null) await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
                taken = TimeSpan.FromMicroseconds(node.Clock.MonotonicMicros - begun);
            });
            return taken;
        }
    }

    [Fact]
    public void A_log_that_is_compacted_and_deleted_loses_old_segments_too()
    {
        _box.Config = _box.Config with { CleanupPolicy = CleanupPolicies.Compact | CleanupPolicies.Delete, RetentionBytes = 900 };
        Work(async (manager, log) =>
        {
            for (var i = 0; i < 40; i++) await CompactedBox.Append(log, $"k{i}=1");
            await CompactedBox.CleanAll(manager);
            await log.DeleteOldSegments();
            Assert.InRange(log.SizeInBytes, 1, 1300);
            Assert.True(log.LogStartOffset > 10);
            Assert.Equal(log.LogEndOffset - log.LogStartOffset, (await CompactedBox.Dump(log)).Count);
        });
    }

    private static async LoopTask Dirty(PartitionLog log)
    {
        for (var i = 0; i < 10; i++) await CompactedBox.Append(log, $"z={log.LogEndOffset}");
    }

    private void Work(Func<LogManager, PartitionLog, LoopTask> work, LogManagerOptions? options = null) => _box.Run(async node =>
    {
        var manager = await CompactedBox.Load(_box, node, options ?? new LogManagerOptions());
        var log = await manager.GetOrCreate(StorageBox.Orders);
        await log.StartLeading(1);
        await work(manager, log);
    });
}
