using System;
using System.Text;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// Gaps between segments. Kafka's cleaner leaves them, since it keeps no segment's last batch, and its followers begin segments at the
/// first batch; a power loss leaves them too.
/// </summary>
public class SegmentGapTests
{
    private const string Folder = "/data/orders-0/";
    private const string RecoveryPoints = "/data/recovery-point-offset-checkpoint";
    private const string Behind = "00000000000000000010.log";
    private static readonly string[] _all = ["0@1=a", "1@1=b", "10@1=c", "11@1=d"];
    private readonly StorageBox _box = new();

    [Theory]
    [InlineData(CleanupPolicies.Compact)]
    [InlineData(CleanupPolicies.Delete)] // it may have been another one before
    public void Those_of_a_log_that_was_closed_in_order_outlive_a_crash(CleanupPolicies policy)
    {
        _box.Config = LogConfig.Default with { CleanupPolicy = policy };
        Bring();
        _box.Write("/data/.kafka_cleanshutdown", []);
        for (var start = 0; start < 2; start++) _box.RunLog(async log => Assert.Equal(_all, await Batches.Dump(log)));
        _box.Machine.LosePower();
        _box.RunLog(async log => Assert.Equal(_all, await Batches.Dump(log)));
    }

    [Fact]
    public void A_log_found_above_its_recovery_point_is_on_the_device_before_that_passes_it()
    {
        Bring();
        _box.Write("/data/.kafka_cleanshutdown", []);
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            await _box.Load(failing);
            var point = disk.Synced.IndexOf(RecoveryPoints + ".tmp");
            Assert.InRange(disk.Synced.IndexOf($"{Folder}{0:D20}.log"), 0, point);
            Assert.InRange(disk.Synced.IndexOf(Folder + Behind), 0, point);
        });
        Assert.Equal("0\n1\norders 0 12\n", Encoding.UTF8.GetString(_box.Bytes(RecoveryPoints)));
    }

    [Theory]
    [InlineData(RecoveryPoints)] // without the epochs the whole log is scanned
    [InlineData("/data/cleaner-offset-checkpoint")]
    public void Those_below_what_was_flushed_or_compacted_are_no_loss(string checkpoint)
    {
        Bring();
        _box.Write(checkpoint, "0\n1\norders 0 10\n"u8.ToArray());
        _box.RunLog(async log => Assert.Equal(_all, await Batches.Dump(log)));
    }

    [Fact]
    public void What_follows_any_other_is_set_aside_whole_and_told()
    {
        Bring();
        var bytes = _box.Bytes(Folder + Behind);
        _box.Run(async node =>
        {
            var (remembering, logs) = StorageBox.Remembering(node);
            Assert.Equal(_all[..2], await Batches.Dump((await _box.Load(remembering)).Get(StorageBox.Orders)!));
            Assert.StartsWith(
                "Error: /data/orders-0: the segment of offset 10 does not follow offset 2, and nothing shows that all between had been flushed; it and those behind it are set aside with the suffix .orphaned",
                Assert.Single(logs.Lines, l => l.StartsWith("Error: ", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        });
        _box.RunLog(async log => Assert.Equal(_all[..2], await Batches.Dump(log)));
        Assert.Equal(bytes, _box.Bytes($"{Folder}{Behind}.orphaned"));
        Assert.DoesNotContain(Behind, _box.List(Folder));
    }

    [Fact]
    public void Behind_a_segment_whose_tail_is_torn_everything_goes()
    {
        Bring();
        _box.Write("/data/cleaner-offset-checkpoint", "0\n1\norders 0 10\n"u8.ToArray());
        _box.Write($"{Folder}{0:D20}.log", _box.Bytes($"{Folder}{0:D20}.log")[..^1]);
        _box.RunLog(async log => Assert.Equal(_all[..0], await Batches.Dump(log)));
        Assert.DoesNotContain(_box.List(Folder), name => name.StartsWith(Behind, StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_that_is_gone_leaves_no_word_of_its_compaction_to_a_later_one_of_its_name()
    {
        _box.Write("/data/cleaner-offset-checkpoint", "0\n1\norders 0 10\n"u8.ToArray());
        _box.RunManager(_ => LoopTask.Completed);
        Assert.Equal("0\n0\n", Encoding.UTF8.GetString(_box.Bytes("/data/cleaner-offset-checkpoint")));
    }

    private void Bring()
    {
        _box.Write($"{Folder}{0:D20}.log", Batches.At(0, 1, 1000, "a", "b"));
        _box.Write(Folder + Behind, Batches.At(10, 1, 1000, "c", "d"));
    }
}
