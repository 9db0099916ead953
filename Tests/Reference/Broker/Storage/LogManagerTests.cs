using System;
using Reference.Broker;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

public class LogManagerTests
{
    private const string Log0 = "/data/orders-0/00000000000000000000.log";

    private readonly StorageBox _box = new();

    [Theory]
    [InlineData("write", DiskError.NoSpace)]
    [InlineData("write", DiskError.Io)]
    [InlineData("sync", DiskError.Io)]
    public void A_failed_write_or_fsync_moves_no_offset_and_takes_the_directory_offline_for_good(string operation, DiskError error)
    {
        _box.Config = LogConfig.Default with { FlushMessages = 1 };
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            var manager = await _box.Load(failing);
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            await log.AppendAsLeader(Batches.Of("a"), 1);
            var failures = 0;
            disk.Fails = (o, path) => o == operation && path == Log0 && failures++ == 0 ? error : null;
            var failed = await Refused.With<LogDirFailureException>(log.AppendAsLeader(Batches.Of("b"), 1).AsVoid());
            Assert.Equal("/data", failed.Directory);
            Assert.Equal((1, 1), (log.LogEndOffset, log.RecoveryPoint));
            await Refused.With<LogDirFailureException>(log.AppendAsLeader(Batches.Of("c"), 1).AsVoid());
            await Refused.With<LogDirFailureException>(log.Read(0, 100, FetchIsolation.LogEnd).AsVoid());
            Assert.Equal(1, failures); // nothing was tried again
            Assert.Equal("/data", (await manager.FailedDirectories.Receive()).Path);
            Assert.Null(manager.Get(StorageBox.Orders));
            Assert.True(manager.IsOffline(StorageBox.Orders));
            await manager.Shutdown();
        });
        Assert.DoesNotContain(".kafka_cleanshutdown", _box.List("/data"));
        _box.RunLog(async log => Assert.Equal("0@1=a", (await Batches.Dump(log))[0]));
    }

    [Fact]
    public void With_flush_messages_1_every_append_ends_after_an_fsync_of_its_segment()
    {
        _box.Config = LogConfig.Default with { FlushMessages = 1 };
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            var log = await (await _box.Load(failing)).GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            for (var i = 1; i <= 3; i++)
            {
                disk.Synced.Clear();
                await log.AppendAsLeader(Batches.Of("a"), 1);
                Assert.Equal([Log0], disk.Synced);
                Assert.Equal(i, log.RecoveryPoint);
            }
        });
    }

    [Fact]
    public void A_flush_that_waits_while_the_log_is_cut_does_not_take_the_recovery_point_beyond_the_end() =>
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 4; i++) await log.AppendAsLeader(Batches.Of("a"), 1);
            var first = log.Flush();
            var waiting = log.Flush();
            await log.TruncateTo(2);
            await first;
            await waiting;
            Assert.Equal((2, 2), (log.LogEndOffset, log.RecoveryPoint));
        });

    [Fact]
    public void By_default_an_append_syncs_nothing_and_flush_ms_does_later()
    {
        _box.Config = LogConfig.Default with { FlushMillis = 1000 };
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            manager.Start();
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            await log.AppendAsLeader(Batches.Of("a"), 1);
            Assert.Equal(0, log.RecoveryPoint);
            while (log.RecoveryPoint == 0) await node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            Assert.Equal(1, log.RecoveryPoint);
        });
        Assert.True(_box.World.NowMicros < 10_000_000);
    }

    [Fact]
    public void A_deleted_partition_leaves_nothing_to_a_later_one_of_its_name()
    {
        _box.RunManager(async manager =>
        {
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            for (var i = 0; i < 5; i++) await log.AppendAsLeader(Batches.Of("old"), 1);
            log.UpdateHighWatermark(5);
            await log.IncrementLogStartOffset(4);
            await log.Flush();
            foreach (var directory in manager.Directories)
            {
                await directory.CheckpointRecoveryPoints();
                await directory.CheckpointLogStartOffsets();
                await directory.CheckpointHighWatermarks();
            }

            await manager.Delete(StorageBox.Orders);
            Assert.Null(manager.Get(StorageBox.Orders));
            await Refused.With<LogClosedException>(log.AppendAsLeader(Batches.Of("late"), 1).AsVoid());
            var again = await manager.GetOrCreate(StorageBox.Orders);
            await again.StartLeading(2);
            await again.AppendAsLeader(Batches.Of("new"), 2);
        });
        Assert.Matches("^orders-0\\.[0-9a-f]{32}-delete$", Assert.Single(_box.List("/data"), n => n.EndsWith("-delete", StringComparison.Ordinal)));
        _box.RunLog(async log =>
        {
            Assert.Equal(["0@2=new"], await Batches.Dump(log));
            Assert.Equal((0, 0), (log.LogStartOffset, log.HighWatermark));
        });
        Assert.DoesNotContain(_box.List("/data"), n => n.EndsWith("-delete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(213)]
    [InlineData(214)]
    [InlineData(249)]
    public void A_partition_of_a_long_name_can_be_deleted_and_set_aside(int length)
    {
        var topic = new string('t', length);
        var (deleted, stray) = (new TopicPartition(topic, 0), new TopicPartition(topic, 12345));
        _box.RunManager(async manager =>
        {
            foreach (var partition in new[] { deleted, stray }) await manager.GetOrCreate(partition);
            await manager.Delete(deleted);
            Assert.NotNull(await manager.SetAside(stray));
            Assert.Null(manager.Directories[0].Failure);
            Assert.Empty(manager.Logs);
        });
        var names = _box.List("/data");
        Assert.Single(names, TopicNames.IsDeletedDirectory);
        Assert.Single(names, TopicNames.IsStrayDirectory);
        Assert.All(names, n => Assert.InRange(n.Length, 1, 255));
        _box.RunManager(manager =>
        {
            Assert.Empty(manager.Logs);
            return LoopTask.Completed;
        });
        Assert.DoesNotContain(_box.List("/data"), TopicNames.IsDeletedDirectory);
        Assert.Single(_box.List("/data"), TopicNames.IsStrayDirectory);
    }

    [Fact]
    public void A_partition_deleted_while_its_log_is_flushed_does_not_take_the_directory_offline()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 100 };
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            for (var micros = 0; micros < 20_000; micros += 250)
            {
                var log = await manager.GetOrCreate(StorageBox.Orders);
                await log.StartLeading(1);
                for (var i = 0; i < 3; i++) await log.AppendAsLeader(Batches.Of("rolls every time"), 1); // and flushes what is sealed
                await node.Clock.Delay(TimeSpan.FromMicroseconds(micros));
                await manager.Delete(StorageBox.Orders);
                Assert.Null(manager.Directories[0].Failure);
            }
        });
    }

    [Fact]
    public void Two_that_ask_for_a_new_log_get_the_same() => _box.RunManager(async manager =>
    {
        var first = manager.GetOrCreate(StorageBox.Orders);
        var second = manager.GetOrCreate(StorageBox.Orders);
        Assert.Same(await first, await second);
        var refused = await Refused.With<ArgumentException>(manager.GetOrCreate(new TopicPartition("a b", 0)).AsVoid());
        Assert.Contains("'a b'", refused.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Files_of_deleted_segments_stay_for_readers_for_a_while()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 100, RetentionMillis = 0, FileDeleteDelayMillis = 1000 };
        _box.Run(async node =>
        {
            var log = await (await _box.Load(node)).GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            for (var i = 0; i < 3; i++) await log.AppendAsLeader(Batches.Of("x"), 1);
            log.UpdateHighWatermark(3);
            var slice = (await log.Read(0, 1000, FetchIsolation.HighWatermark)).Slice;
            Assert.Equal(3, await log.DeleteOldSegments());
            Assert.Equal(slice.Count, (await slice.ReadAll()).Length);
            Assert.Contains("00000000000000000000.log.deleted", await node.Disk.List("/data/orders-0"));
            await node.Clock.Delay(TimeSpan.FromSeconds(2));
            Assert.DoesNotContain(await node.Disk.List("/data/orders-0"), n => n.EndsWith(".deleted", StringComparison.Ordinal));
        });
    }
}
