using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>What a start makes of files that a crash, or a hand, left behind.</summary>
public class RecoveryTests
{
    private const string Log0 = "/data/orders-0/00000000000000000000.log";
    private const string Index0 = "/data/orders-0/00000000000000000000.index";
    private const string TimeIndex0 = "/data/orders-0/00000000000000000000.timeindex";

    private readonly StorageBox _box = new() { Config = LogConfig.Default with { IndexIntervalBytes = 100 } };

    [Fact]
    public void A_tail_torn_at_any_byte_is_cut_back_to_the_last_whole_batch()
    {
        Fill(5, shutDown: false);
        var whole = _box.Bytes(Log0);
        var size = whole.Length / 5;
        for (var length = whole.Length; length >= whole.Length - size - 1; length--)
        {
            _box.Write(Log0, whole[..length]);
            Assert.Equal(Values(length / size), Dump());
            Assert.Equal((length / size) * size, _box.Bytes(Log0).Length);
        }
    }

    [Fact]
    public void A_flipped_bit_ends_the_log_before_its_batch()
    {
        Fill(5, shutDown: false);
        var whole = _box.Bytes(Log0);
        var size = whole.Length / 5;
        for (var position = 3 * size; position < 4 * size; position++)
        {
            var damaged = whole.ToArray();
            damaged[position] ^= 0x10;
            foreach (var name in _box.List("/data/orders-0").Where(n => n.EndsWith(".log", StringComparison.Ordinal))) _box.Run(node => node.Disk.Delete($"/data/orders-0/{name}"));
            _box.Write(Log0, damaged);
            if (position is var p && p - (3 * size) is >= 12 and < 16)
            {
                Assert.Equal(5, Dump().Count); // the leader epoch stands outside the checksum, as in Kafka
                continue;
            }

            if (p - (3 * size) < 8) Assert.True(Dump().Count is 3 or 4); // so does the base offset, which must not fall
            else Assert.Equal(Values(3), Dump());
        }
    }

    [Fact]
    public void Segments_after_a_missing_one_are_set_aside()
    {
        _box.Config = _box.Config with { SegmentBytes = 150 };
        Fill(9, shutDown: false);
        _box.Write("/data/recovery-point-offset-checkpoint", "0\n0\n"u8.ToArray());
        _box.Run(node => node.Disk.Delete("/data/orders-0/00000000000000000004.log"));
        Assert.Equal(Values(4), Dump());
        Assert.Equal(["00000000000000000006.log.orphaned"], _box.List("/data/orders-0").Where(name => name.StartsWith("00000000000000000006", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Index0)]
    [InlineData(TimeIndex0)]
    public void A_damaged_or_missing_index_is_rebuilt_as_it_was(string path)
    {
        Fill(40, shutDown: true);
        var sound = _box.Bytes(path);
        Assert.True(sound.Length > 24);
        foreach (var damaged in new[] { [], sound[..^1], new byte[sound.Length], sound.Reverse().ToArray(), [.. sound, .. new byte[24]], null })
        {
            if (damaged is null) _box.Run(node => node.Disk.Delete(path));
            else _box.Write(path, damaged);
            _box.RunLog(async log =>
            {
                Assert.Equal(Values(40), await Batches.Dump(log));
                Assert.Equal(Values(40).Skip(17), await Batches.Dump(log, 17));
                Assert.Equal(17, (await log.OffsetForTimestamp(1017, 40))!.Value.Offset);
            }, shutDown: true);
            if (damaged is not { Length: 0 } || path == TimeIndex0) Assert.Equal(sound, _box.Bytes(path));
        }
    }

    [Fact]
    public void A_time_index_that_does_not_know_the_newest_record_of_its_segment_is_rebuilt()
    {
        _box.Config = _box.Config with { SegmentBytes = 1500 };
        Fill(40, shutDown: true);
        var sound = _box.Bytes(TimeIndex0);
        Assert.True(sound.Length > 36);
        byte[] wrong = [.. sound];
        wrong[^1]--; // an offset of another batch
        foreach (var damaged in new[] { sound, [], new byte[12], sound[..12], sound[..^12], [.. sound, .. Convert.FromHexString("00000000FFFFFFFF00000FFF")], wrong })
        {
            _box.Write(TimeIndex0, damaged);
            _box.RunLog(
                async log =>
                {
                    var last = log.Segments[1].BaseOffset - 1;
                    Assert.Equal((1000 + last, last), (log.Segments[0].MaxTimestamp, log.Segments[0].OffsetOfMaxTimestamp));
                    Assert.Equal(last - 1, (await log.OffsetForTimestamp(999 + last, 40))!.Value.Offset);
                },
                shutDown: true);
        }
    }

    [Fact]
    public void An_index_entry_that_points_too_far_does_not_hide_records()
    {
        _box.Config = _box.Config with { SegmentBytes = 100_000 };
        Fill(900, shutDown: true);
        var index = _box.Bytes(Index0);
        index[7 + 80]++; // one entry points into the middle of a batch
        _box.Write(Index0, index);
        _box.RunLog(async log => Assert.Equal(Values(900).Skip(15), await Batches.Dump(log, 15, maxBytes: 1000)));
    }

    [Fact]
    public void The_marker_of_an_orderly_stop_is_gone_before_the_logs_are_loaded()
    {
        Fill(3, shutDown: true);
        Assert.Contains(".kafka_cleanshutdown", _box.List("/data"));
        Assert.Equal(3, CrashWhileLoadingWithTornTail(_box));
    }

    [Fact]
    public void A_marker_removed_after_loading_lets_a_torn_tail_pass_as_sound()
    {
        var mutant = new StorageBox { Decisions = LogDecisions.Kafka with { MarkerRemoval = MarkerRemoval.AfterLoading } };
        mutant.RunLog(Append(3), shutDown: true);
        Assert.Throws<CorruptLogException>(() => CrashWhileLoadingWithTornTail(mutant));
    }

    [Fact]
    public void A_clean_log_that_is_damaged_is_refused_with_its_place_and_a_remedy()
    {
        Fill(3, shutDown: true);
        var bytes = _box.Bytes(Log0);
        _box.Write(Log0, bytes[..^5]);
        var refused = Assert.Throws<CorruptLogException>(() => Dump());
        Assert.Equal(Log0, refused.Path);
        Assert.Equal(2 * bytes.Length / 3, refused.Position);
        Assert.Contains("Move the partition's directory away", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_refused_at_every_start_until_somebody_does_what_the_refusal_says()
    {
        _box.Config = _box.Config with { Preallocate = true, SegmentBytes = 1000 };
        _box.RunManager(async manager =>
        {
            await Append(2)(await manager.GetOrCreate(new("another", 0))); // loaded before
            await Append(3)(await manager.GetOrCreate(StorageBox.Orders));
            await manager.Shutdown();
        });
        var bytes = _box.Bytes(Log0);
        bytes[(2 * bytes.Length / 3) + 16] = 9; // the magic: believed files are not read further
        _box.Write(Log0, bytes);
        for (var start = 0; start < 3; start++)
        {
            Assert.Equal(2 * bytes.Length / 3, Assert.Throws<CorruptLogException>(() => Dump()).Position);
            Assert.Equal(bytes, _box.Bytes(Log0));
        }

        foreach (var name in (string[])[".kafka_cleanshutdown", "recovery-point-offset-checkpoint"]) _box.Run(node => node.Disk.Delete($"/data/{name}"));
        _box.RunManager(async manager =>
        {
            Assert.Equal(Values(2), await Batches.Dump(manager.Get(StorageBox.Orders)!));
            Assert.Equal(Values(2), await Batches.Dump(manager.Get(new("another", 0))!));
        });
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void A_cut_below_the_recovery_point_is_told_as_an_error(long recoveryPoint, bool isLoss)
    {
        Fill(3, shutDown: false);
        _box.Write("/data/recovery-point-offset-checkpoint", System.Text.Encoding.UTF8.GetBytes($"0\n1\norders 0 {recoveryPoint}\n"));
        _box.Write(Log0, _box.Bytes(Log0)[..^5]);
        _box.Run(async node =>
        {
            var (remembering, logs) = StorageBox.Remembering(node);
            await _box.Load(remembering);
            var errors = logs.Lines.Where(l => l.StartsWith("Error: ", StringComparison.Ordinal)).ToList();
            Assert.Equal(isLoss ? 1 : 0, errors.Count);
            if (isLoss) Assert.StartsWith("Error: orders-0: the records from offset 2 on are lost here though those below the recovery point 3 had been flushed", errors[0], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_lost_or_stale_epoch_checkpoint_is_mended_from_the_batches()
    {
        _box.RunLog(async log =>
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                await log.StartLeading(epoch);
                await log.AppendAsLeader(Batches.Of("a", "b"), epoch);
            }
        });
        const string path = "/data/orders-0/leader-epoch-checkpoint";
        foreach (var stale in (string?[])[null, "0\n1\n1 0\n", "0\n3\n1 0\n2 1\n9 50\n", "0\n0\n"])
        {
            if (stale is null) _box.Run(node => node.Disk.Delete(path));
            else _box.Write(path, System.Text.Encoding.UTF8.GetBytes(stale));
            _box.RunLog(log =>
            {
                Assert.Equal([new EpochEntry(1, 0), new EpochEntry(2, 2), new EpochEntry(3, 4)], log.Epochs.Entries);
                return LoopTask.Completed;
            });
            Assert.Equal("0\n3\n1 0\n2 2\n3 4\n"u8.ToArray(), _box.Bytes(path));
        }
    }

    /// <summary>The rebuilding goes through the batches, and the opening goes through the last of them once more.</summary>
    [Fact]
    public void A_log_whose_time_index_was_rebuilt_at_its_start_can_be_cut_and_written_and_cut_again()
    {
        _box.Config = _box.Config with { IndexIntervalBytes = 4096 }; // the opening begins where the offset index ends
        Fill(10, shutDown: true);
        _box.Run(node => node.Disk.Delete(TimeIndex0));
        string[] expected = [.. Values(5), "5@2=new5", "6@2=new6", "7@2=new7"];
        _box.RunLog(async log =>
        {
            await log.TruncateTo(5);
            await log.StartLeading(2);
            await log.AppendAsLeader(Batches.Of("new5", "new6", "new7"), 2);
            await log.AppendAsLeader(Batches.Of("new8", "new9"), 2);
            Assert.Equal([.. expected, "8@2=new8", "9@2=new9"], await Batches.Dump(log));
            Assert.Equal(["8@2=new8", "9@2=new9"], await Batches.Dump(log, 8));
            await log.TruncateTo(8);
            Assert.Equal(expected, await Batches.Dump(log));
        });
        Assert.Equal(expected, Dump());
    }

    [Fact]
    public void Leftovers_are_cleared_away()
    {
        Fill(2, shutDown: false);
        foreach (var name in (string[])["00000000000000000009.index", "00000000000000000009.timeindex", "00000000000000000000.log.deleted", "x.tmp"]) _box.Write($"/data/orders-0/{name}", [1, 2, 3]);
        _box.Write("/data/gone-0.0123456789abcdef0123456789abcdef-delete/00000000000000000000.log", [1]);
        Assert.Equal(Values(2), Dump());
        Assert.Equal(["00000000000000000000.log", "leader-epoch-checkpoint"], _box.List("/data/orders-0").Where(n => !n.EndsWith("index", StringComparison.Ordinal)));
        Assert.DoesNotContain(_box.List("/data"), name => name.EndsWith("-delete", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_the_brokers_is_left_alone()
    {
        Fill(2, shutDown: false);
        foreach (var foreign in (string[])["notes.txt", "orders", "my-delete", "lost+found/x", "orders-0/notes.txt", "a-0.0123456789abcdef-delete/x"]) _box.Write($"/data/{foreign}", [1]);
        _box.Write("/data/taken-0", [1]); // a file under a partition's name
        _box.Write("/data/backup-2024/2024-01-01.tar", [1]); // and a directory
        _box.Write("/data/backup-2024/unfinished.tmp", [1]);
        _box.RunManager(async manager =>
        {
            Assert.Equal(Values(2), await Batches.Dump(Assert.Single(manager.Logs)));
            var refused = await Refused.With<ForeignFileException>(manager.GetOrCreate(new global::Reference.Broker.TopicPartition("taken", 0)).AsVoid());
            Assert.Equal("A file /data/taken-0 stands where the partition's directory belongs: move it away.", refused.Message);
            var backup = await Refused.With<ForeignFileException>(manager.GetOrCreate(new global::Reference.Broker.TopicPartition("backup", 2024)).AsVoid());
            Assert.Equal("Somebody else's directory /data/backup-2024 stands where the partition's directory belongs: move it away.", backup.Message);
            Assert.True(manager.Directories[0].IsOnline);
        });
        Assert.Equal(["a-0.0123456789abcdef-delete", "backup-2024", "lost+found", "my-delete", "notes.txt", "orders", "taken-0"], _box.List("/data").Where(n => n[0] is not ('.' or 'm') && !n.EndsWith("checkpoint", StringComparison.Ordinal) || n == "my-delete").Where(n => n != "orders-0"));
        Assert.Contains("notes.txt", _box.List("/data/orders-0"));
        Assert.Equal(["2024-01-01.tar", "unfinished.tmp"], _box.List("/data/backup-2024"));
    }

    [Fact]
    public void High_watermark_and_log_start_survive_a_restart()
    {
        _box.RunManager(async manager =>
        {
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await Append(6)(log);
            log.UpdateHighWatermark(4);
            await log.IncrementLogStartOffset(2);
            await manager.Shutdown();
        });
        _box.RunLog(log =>
        {
            Assert.Equal((2, 4, 6, 6), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset, log.RecoveryPoint));
            return LoopTask.Completed;
        });
    }

    [Fact]
    public void A_log_start_that_a_crash_took_back_brings_its_epochs_back()
    {
        _box.Config = _box.Config with { SegmentBytes = 100 }; // one batch each, so that the next start scans the last one only
        List<EpochEntry> before = [];
        _box.RunLog(async log =>
        {
            await Append(3)(log);
            foreach (var epoch in (int[])[2, 3])
            {
                await log.StartLeading(epoch);
                await log.AppendAsLeader(Batches.At(0, -1, 2000, "w"), epoch);
            }

            await log.Flush();
            await log.Directory.CheckpointRecoveryPoints();
            before = [.. log.Epochs.Entries];
            log.UpdateHighWatermark(5);
            await log.IncrementLogStartOffset(4); // forgets epochs 1 and 2; the start itself is written down later
            Assert.Equal([new EpochEntry(3, 4)], log.Epochs.Entries);
        });
        _box.RunLog(log =>
        {
            Assert.Equal(0, log.LogStartOffset);
            Assert.Equal(before, log.Epochs.Entries);
            Assert.Equal(new EpochEntry(1, 3), log.EndOffsetForEpoch(1));
            return LoopTask.Completed;
        });
    }

    [Fact]
    public void A_recalled_epoch_does_not_drop_a_later_one_whose_batches_were_all_compacted_away()
    {
        _box.Config = _box.Config with { SegmentBytes = 150 }; // two batches each, so that the next start scans the last one only
        _box.RunLog(async log =>
        {
            log.StartFollowing(4);
            foreach (var (offset, epoch) in ((long, int)[])[(0, 2), (10, 4), (11, 4)]) await log.AppendAsFollower(Batches.At(offset, epoch, 1000, "v"), 4);
            Assert.Equal([0, 11], log.Segments.Select(s => s.BaseOffset));
            await log.Flush();
            await log.Directory.CheckpointRecoveryPoints();
        });
        _box.Write("/data/orders-0/leader-epoch-checkpoint", "0\n2\n3 5\n4 10\n"u8.ToArray()); // what a log start at 5 had left, before a crash took it back
        _box.RunLog(log =>
        {
            Assert.Equal(0, log.LogStartOffset);
            Assert.Equal([new EpochEntry(2, 0), new EpochEntry(3, 1), new EpochEntry(4, 10)], log.Epochs.Entries); // 3 began at 5 at the latest
            Assert.Equal((new EpochEntry(2, 1), new EpochEntry(3, 10)), (log.EndOffsetForEpoch(2), log.EndOffsetForEpoch(3)));
            return LoopTask.Completed;
        });
    }

    [Fact]
    public void Recovery_knows_still_where_an_epoch_begins_whose_first_batches_were_compacted_away()
    {
        byte[] first = Batches.At(0, 1, 1000, "a"), last = Batches.At(5, 2, 1000, "f");
        _box.RunLog(async log =>
        {
            log.StartFollowing(2);
            byte[] whole = [.. first, .. Batches.At(1, 1, 1000, "b", "c"), .. Batches.At(3, 2, 1000, "d", "e"), .. last];
            await log.AppendAsFollower(whole, 2);
        });
        _box.Write(Log0, [.. first, .. last]);
        foreach (var (isLost, start) in ((bool, long)[])[(false, 3), (true, 1)]) // without the checkpoint nothing behind 0 is known to be of epoch 1
        {
            if (isLost) _box.Run(node => node.Disk.Delete("/data/orders-0/leader-epoch-checkpoint"));
            _box.RunLog(log =>
            {
                Assert.Equal([new EpochEntry(1, 0), new EpochEntry(2, start)], log.Epochs.Entries);
                return LoopTask.Completed;
            });
        }
    }

    [Fact]
    public void A_truncation_lowers_the_recovery_point_on_disk_before_anything_follows_it()
    {
        _box.RunLog(async log =>
        {
            await Append(5)(log);
            await log.Flush();
            await log.Directory.CheckpointRecoveryPoints();
            await log.TruncateTo(2);
        });
        Assert.Equal("0\n1\norders 0 2\n"u8.ToArray(), _box.Bytes("/data/recovery-point-offset-checkpoint"));
    }

    private static List<string> Values(int count) => Enumerable.Range(0, count).Select(i => $"{i}@1=v{i:D3}").ToList();

    private static Func<PartitionLog, LoopTask> Append(int count) => async log =>
    {
        await log.StartLeading(1);
        for (var i = 0; i < count; i++) await log.AppendAsLeader(Batches.At(0, -1, 1000 + i, $"v{i:D3}"), 1);
    };

    /// <summary>Ends a start in the middle, tears the tail as a power loss could after that, and starts again; gives the end of the log.</summary>
    private static long CrashWhileLoadingWithTornTail(StorageBox box)
    {
        box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            disk.Fails = (operation, path) => operation == "read" && path == Log0 ? DiskError.Io : null;
            await Refused.With<LogDirFailureException>(box.Load(failing).AsVoid());
        });
        var bytes = box.Bytes(Log0);
        box.Write(Log0, [.. bytes, 1, 2, 3]);
        long end = -1;
        box.RunLog(log =>
        {
            end = log.LogEndOffset;
            return LoopTask.Completed;
        });
        return end;
    }

    private void Fill(int count, bool shutDown) => _box.RunLog(Append(count), shutDown);

    private List<string> Dump()
    {
        List<string> found = [];
        _box.RunLog(async log => found = await Batches.Dump(log));
        return found;
    }
}
