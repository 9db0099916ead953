using System.Linq;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>Files that get their whole size in advance.</summary>
public class PreallocationTests
{
    private const string Log0 = "/data/orders-0/00000000000000000000.log";
    private readonly StorageBox _box = new() { Config = LogConfig.Default with { Preallocate = true, SegmentBytes = 1000 } };

    [Fact]
    public void A_new_segment_has_its_whole_size_and_gives_back_what_it_did_not_use_when_it_is_closed()
    {
        _box.RunLog(
            async log =>
            {
                await Append(log, 3);
                Assert.Equal((1000, 3 * 71), (log.Segments[0].File.Length, log.Segments[0].Size));
                Assert.Equal(3, (await Batches.Dump(log)).Count);
                await Append(log, 20);
                Assert.Equal([994, 1000], log.Segments.Select(s => s.File.Length));
            },
            shutDown: true);
        Assert.Equal(994, _box.Bytes(Log0).Length);
        _box.RunLog(async log => Assert.Equal(23, (await Batches.Dump(log)).Count));
    }

    [Fact]
    public void After_a_crash_the_unused_end_is_cut_off()
    {
        _box.RunLog(log => Append(log, 3));
        Assert.Equal(1000, _box.Bytes(Log0).Length);
        _box.RunLog(async log => Assert.Equal((3, 213L), ((await Batches.Dump(log)).Count, log.Segments[0].File.Length)));
    }

    [Fact]
    public void After_a_power_loss_no_zero_is_taken_for_a_record()
    {
        _box.RunLog(async log =>
        {
            await Append(log, 2);
            await log.Flush();
            await Append(log, 1);
        });
        _box.Machine.LosePower();
        _box.RunLog(async log => Assert.InRange((await Batches.Dump(log)).Count, 2, 3));
    }

    private static async LoopTask Append(PartitionLog log, int count)
    {
        await log.StartLeading(1);
        for (var i = 0; i < count; i++) await log.AppendAsLeader(Batches.Of("abc"), 1);
    }
}
