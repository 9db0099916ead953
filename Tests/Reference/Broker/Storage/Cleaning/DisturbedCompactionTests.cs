using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>Compactions into which something comes, at every moment of them: cuts, retention, the log's deletion, crashes.</summary>
public class DisturbedCompactionTests
{
    private const string Folder = "/data/orders-0/";

    [Fact]
    public void A_compaction_that_ends_early_leaves_no_file_behind()
    {
        var early = 0;
        foreach (var micros in Moments())
        {
            var box = CompactedBox.Create();
            box.Run(async node =>
            {
                var (manager, log) = await OpenFilled(box, node);
                var cleaning = await CompactionAfter(micros, manager, node);
                var exchanges = log.Rewrites;
                await log.TruncateTo(20);
                await cleaning;
                if (log.CleanedUpTo is null && exchanges > 0) early++;
                Assert.DoesNotContain(await node.Disk.List(Folder), n => n.EndsWith(".cleaned", StringComparison.Ordinal));
            });
        }

        Assert.True(early > 0); // or nothing was tried
    }

    [Fact]
    public void A_file_that_an_earlier_compaction_could_not_delete_does_not_undo_an_exchange_that_a_crash_interrupts()
    {
        var ended = false;
        for (var events = 1; !ended; events += 2)
        {
            var box = CompactedBox.Create();
            box.Config = box.Config with { FlushMessages = 1 };
            SortedDictionary<string, string> expected = [];
            ended = CrashIn(box, events, losesPower: false, async (node, log) =>
            {
                for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}", $"u{i}=1");
                expected = CompactedBox.Latest(await CompactedBox.Dump(log));
                var stale = await node.Disk.Open(Folder + "00000000000000000001.log.cleaned", OpenMode.OpenOrCreate);
                await stale.Write(0, new byte[50]);
                await stale.Sync();
                await node.Disk.SyncDirectory(Folder[..^1]);
            });
            box.RunLog(async log => Assert.Equal(expected, CompactedBox.Latest(await CompactedBox.Dump(log))));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_anywhere_in_an_exchange_makes_no_index_forget_anything(bool losesPower)
    {
        var ended = false;
        for (var events = 1; !ended; events++)
        {
            var box = CompactedBox.Create((ulong)events);
            box.Config = box.Config with { FlushMessages = 1, SegmentBytes = 200 };
            ended = CrashIn(box, events, losesPower, async (_, log) =>
            {
                await TransactionIndexTests.Write(log);
                for (var i = 7; i < 16; i++) await log.AppendAsFollower(Batches.At(i, 1, 1000 + i, "x"), 1);
                log.UpdateHighWatermark(log.LogEndOffset);
                log.Config = log.Config with { SegmentBytes = 500 }; // neighbours become one
            });
            box.RunLog(log =>
            {
                Assert.Equal([new AbortedTransaction(7, 0, 3, 1), new AbortedTransaction(8, 1, 5, 6)], log.AbortedTransactions(0, 100));
                Assert.All(log.Segments.Where(s => s.Size > 0), s => Assert.True(s.MaxTimestamp >= 1000, $"{events}: {s.BaseOffset} has {s.MaxTimestamp}"));
                return LoopTask.Completed;
            });
        }
    }

    [Fact]
    public void A_log_deleted_while_it_is_compacted_takes_nothing_offline()
    {
        foreach (var micros in Moments())
        {
            var box = CompactedBox.Create();
            box.Run(async node =>
            {
                var (manager, log) = await OpenFilled(box, node);
                var cleaning = await CompactionAfter(micros, manager, node);
                await manager.Delete(StorageBox.Orders);
                await cleaning;
                Assert.Null(log.Directory.Failure);
                Assert.Empty(manager.Cleaner.Uncleanable);
                var again = await manager.GetOrCreate(StorageBox.Orders);
                Assert.Equal((0L, (long?)null), (again.LogEndOffset, again.CleanedUpTo));
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Neither_a_deletion_nor_an_orderly_stop_waits_for_a_throttled_compaction(bool stops)
    {
        var box = CompactedBox.Create();
        box.Run(async node =>
        {
            var (manager, log) = await Open(box, node, new LogManagerOptions { Cleaner = new LogCleanerOptions { MaxBytesPerSecond = 1 } });
            for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}");
            var cleaning = manager.Cleaner.CleanFilthiest();
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            var begun = node.Clock.MonotonicMillis();
            if (stops) await manager.Shutdown();
            else await manager.Delete(StorageBox.Orders);
            await cleaning;
            Assert.InRange(node.Clock.MonotonicMillis() - begun, 0, 1000);
            Assert.True(log.Directory.IsOnline);
        });
        Assert.Equal(stops, box.List("/data").Contains(".kafka_cleanshutdown"));
    }

    [Fact]
    public void Retention_during_a_compaction_brings_no_deleted_key_back()
    {
        foreach (var micros in Moments())
        {
            var box = CompactedBox.Create();
            box.Config = box.Config with { CleanupPolicy = CleanupPolicies.Compact | CleanupPolicies.Delete, DeleteRetentionMillis = 1000 };
            box.Run(async node =>
            {
                var (manager, log) = await Open(box, node);
                for (var i = 0; i < 40; i++) await CompactedBox.Append(log, i == 6 ? "k=v1" : i == 16 ? "k" : $"u{i}={i:D3}");
                var second = log.Segments[1].BaseOffset;
                Assert.InRange(second, 1, 6);
                log.Config = log.Config with { SegmentBytes = 900 }; // neighbours become one
                await log.IncrementLogStartOffset(second); // the first segment may go
                var cleaning = await CompactionAfter(micros, manager, node);
                await log.DeleteOldSegments();
                await cleaning;
                await CompactedBox.CleanAll(manager);
                await node.Clock.Delay(TimeSpan.FromSeconds(2)); // the tombstone's time is over
                for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"z={i}");
                await CompactedBox.CleanAll(manager);
                var dump = await CompactedBox.Dump(log);
                Assert.DoesNotContain("16:k", dump);
                Assert.DoesNotContain("k", CompactedBox.Latest(dump).Keys);
            });
        }
    }

    [Fact]
    public void What_is_cut_while_a_log_is_chosen_voids_what_was_found_to_be_compacted()
    {
        foreach (var micros in (int[])[1, 2, 5, 10, 20, 50, 100, 200, 400, 800, 1600])
        {
            var box = CompactedBox.Create();
            box.Config = box.Config with { MaxCompactionLagMillis = 3_600_000, FileDeleteDelayMillis = 60_000 }; // the first timestamp of each segment counts, and is read
            box.Run(async node =>
            {
                var (manager, log) = await Open(box, node);
                var other = await manager.GetOrCreate(new TopicPartition("other", 0)); // whose facts take their time
                await other.StartLeading(1);
                for (var i = 0; i < 800; i++) await CompactedBox.Append(other, $"u{i}=1");
                for (var i = 0; i < 60; i++) await CompactedBox.Append(log, $"a={i}");
                await CompactedBox.CleanAll(manager);
                for (var i = 0; i < 20; i++) await CompactedBox.Append(log, $"a={i}");
                await manager.Shutdown();
            });
            box.Run(async node =>
            {
                var (manager, log) = await Open(box, node, new LogManagerOptions { Cleaner = new LogCleanerOptions { MaxBytesPerSecond = 2000 } });
                log.UpdateHighWatermark(log.LogEndOffset);
                Assert.InRange(log.CleanedUpTo!.Value, 50, 60);
                var cleaning = await CompactionAfter(micros, manager, node);
                await log.TruncateTo(40); // and other records follow there
                await CompactedBox.Append(log, "a=new");
                for (var i = 0; i < 40; i++) await CompactedBox.Append(log, $"u{i}=1");
                await cleaning;
                Assert.Contains("40:a=new", await CompactedBox.Dump(log));
                Assert.InRange(log.CleanedUpTo ?? 0, 0, 40);
                await CompactedBox.CleanAll(manager);
                Assert.Contains("40:a=new", await CompactedBox.Dump(log));
                Assert.True(log.CleanedUpTo > 60);
            });
        }
    }

    [Fact]
    public void Appends_go_on_while_what_was_compacted_is_synced()
    {
        var box = CompactedBox.Create();
        box.Run(async node =>
        {
            var (process, disk) = FailingDisk.Under(node);
            var manager = await box.Load(process);
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}");
            var (syncing, appended) = (false, 0);
            disk.Fails = (operation, path) =>
            {
                syncing |= operation == "sync" && path.EndsWith(".log.cleaned", StringComparison.Ordinal);
                return null;
            };
            node.Spawn(AppendWhileSyncing());
            await manager.Cleaner.CleanFilthiest();
            Assert.True(appended > 0);

            async LoopTask AppendWhileSyncing()
            {
                while (!syncing) await node.Clock.Delay(TimeSpan.FromMicroseconds(10));
                while (!disk.Synced.Exists(path => path.EndsWith(".log.cleaned", StringComparison.Ordinal)))
                {
                    await CompactedBox.Append(log, "b=1");
                    if (!disk.Synced.Exists(path => path.EndsWith(".log.cleaned", StringComparison.Ordinal))) appended++;
                }
            }
        });
    }

    /// <summary>Microseconds after the beginning of a compaction: its reading is short, its exchanges wait for the disk.</summary>
    private static IEnumerable<int> Moments()
    {
        for (var micros = 100; micros < 80_000; micros += micros < 6000 ? 200 : 1700) yield return micros;
    }

    private static async LoopTask<(LogManager Manager, PartitionLog Log)> Open(StorageBox box, Node node, LogManagerOptions? options = null)
    {
        var manager = await CompactedBox.Load(box, node, options ?? new LogManagerOptions());
        var log = await manager.GetOrCreate(StorageBox.Orders);
        await log.StartLeading(1);
        return (manager, log);
    }

    private static async LoopTask<(LogManager Manager, PartitionLog Log)> OpenFilled(StorageBox box, Node node)
    {
        var (manager, log) = await Open(box, node);
        for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"a={i}", $"k{i}=1");
        return (manager, log);
    }

    /// <summary>A compaction that has begun so many microseconds ago, and may have ended.</summary>
    private static async LoopTask<LoopTask<bool>> CompactionAfter(int micros, LogManager manager, Node node)
    {
        var cleaning = manager.Cleaner.CleanFilthiest();
        await node.Clock.Delay(TimeSpan.FromMicroseconds(micros));
        return cleaning;
    }

    /// <summary>Fills a log, and crashes so many events after its compaction has begun; true if that ended before.</summary>
    private static bool CrashIn(StorageBox box, int events, bool losesPower, Func<Node, PartitionLog, LoopTask> fill)
    {
        var (begun, ended) = (false, false);
        box.Machine.Exited = (_, error) => Assert.Null(error);
        box.Machine.Start(async node =>
        {
            var (manager, log) = await Open(box, node);
            await fill(node, log);
            await log.Flush();
            await log.Directory.CheckpointRecoveryPoints();
            begun = true;
            Assert.True(await CompactedBox.CleanAll(manager) > 0);
            ended = true;
        });
        Assert.True(box.World.RunUntil(() => begun, TimeSpan.FromMinutes(1)));
        box.Machine.CrashAfterEvents(events, null);
        box.World.RunUntil(() => ended || !box.Machine.IsUp, TimeSpan.FromMinutes(1));
        box.Machine.Crash();
        if (losesPower) box.Machine.LosePower();
        return ended;
    }
}
