using System;
using System.Linq;
using Reference.Broker.Storage;
using Simulator.Engine.Disk;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// Each trouble that the simulator's disk can make, while a log is written, flushed, compacted and deleted. Verifies that the disk's word
/// counts: what an append or a flush said to be done is there after a restart, or the directory went offline with a sentence; and that a
/// start over what is left succeeds. Not lies of the disk (lying syncs, misdirected writes, bit rot), after which nothing can be promised.
/// </summary>
public class DiskTroubleTests
{
    [Theory]
    [InlineData(DiskTroubleKind.WriteError)]
    [InlineData(DiskTroubleKind.SyncError)]
    [InlineData(DiskTroubleKind.NameError)]
    [InlineData(DiskTroubleKind.NoSpace)]
    [InlineData(DiskTroubleKind.ReadError)]
    [InlineData(DiskTroubleKind.ShortRead)]
    [InlineData(DiskTroubleKind.ShortWrite)]
    public void What_was_acknowledged_as_flushed_survives_any_trouble_and_power_loss(DiskTroubleKind kind)
    {
        var failed = 0;
        for (var seed = 1UL; seed <= 15; seed++)
        {
            var box = new StorageBox(seed) { Config = LogConfig.Default with { FlushMessages = 1, SegmentBytes = 500, FileDeleteDelayMillis = 5 } };
            var acknowledged = 0;
            var running = false;
            box.Machine.Exited = (_, error) => Assert.True(error is null or LogDirFailureException, $"{kind}, seed {seed}: {error}");
            box.Machine.Start(async node =>
            {
                var log = await (await box.Load(node)).GetOrCreate(StorageBox.Orders);
                await log.StartLeading(1);
                running = true;
                while (true)
                {
                    await log.AppendAsLeader(Batches.Of($"v{acknowledged}"), 1);
                    acknowledged++;
                }
            });
            box.World.RunUntil(() => running, TimeSpan.FromSeconds(10));
            var trouble = box.Machine.Disk.Afflict(new DiskTrouble(kind, 0.02, string.Empty, seed));
            box.World.RunFor(TimeSpan.FromSeconds(2));
            Assert.Null(box.World.Failure);
            failed += box.Machine.IsUp ? 0 : 1;
            trouble.End();
            if (box.Machine.IsUp) box.Machine.Crash();
            box.Machine.LosePower();
            box.RunLog(async log =>
            {
                var found = await Batches.Dump(log);
                Assert.InRange(found.Count, acknowledged, acknowledged + 1);
                Assert.Equal(Enumerable.Range(0, found.Count).Select(i => $"{i}@1=v{i}"), found);
            });
        }

        if (kind is DiskTroubleKind.ShortRead or DiskTroubleKind.ShortWrite or DiskTroubleKind.ReadError) Assert.Equal(0, failed);
        else Assert.True(failed > 5, $"{kind} ended {failed} of 15 processes");
    }
}
