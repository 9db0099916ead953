using System.Collections.Generic;
using Reference.Broker.Storage;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>A sync that fails drops its pages: reads may go on showing them, and the next sync ends well and has nothing to do.</summary>
public class SyncFailureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_recovery_has_counted_after_a_failed_sync_outlives_the_next_power_loss(ulong outcome)
    {
        var box = new StorageBox();
        box.RunLog(async log =>
        {
            await log.AppendAsFollower(Batches.At(0, 0, 1000, "a"), -1);
            await log.Flush();
            await log.AppendAsFollower(Batches.At(1, 0, 1001, "b"), -1);
            var trouble = box.Machine.Disk.Afflict(new DiskTrouble(DiskTroubleKind.SyncError, 1, string.Empty, outcome));
            await FailToFlush(log);
            trouble.End();
        });
        List<string> counted = [];
        box.RunLog(async log =>
        {
            counted.AddRange(await Batches.Dump(log));
            await log.AppendAsFollower(Batches.At(log.LogEndOffset, 0, 1002, "c"), -1);
            await log.Flush();
            counted.Add($"{counted.Count}@0=c");
        });
        box.Machine.LosePower();
        box.RunLog(async log => Assert.Equal(counted, await Batches.Dump(log)));
    }

    private static async LoopTask FailToFlush(PartitionLog log)
    {
        try
        {
            await log.Flush();
            Assert.Fail("the sync did not fail");
        }
        catch (LogDirFailureException)
        {
            // The directory is offline: its broker ends.
        }
    }
}
