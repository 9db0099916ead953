using System;
using System.Linq;
using System.Text;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>What <c>cleaner-offset-checkpoint</c> says of a log that is not the one it was written for: believed, it would bring deleted keys back.</summary>
public class StaleCleanerOffsetTests
{
    private const string Checkpoint = "/data/cleaner-offset-checkpoint";

    private readonly StorageBox _box = CompactedBox.Create();

    [Fact]
    public void A_log_made_anew_after_its_directory_was_moved_away_is_compacted_from_its_beginning()
    {
        _box.Config = _box.Config with { DeleteRetentionMillis = 1000 };
        _box.Run(async node =>
        {
            var manager = await FillAndClean(node);
            await manager.Shutdown();
        });
        _box.Run(node => node.Disk.Rename("/data/orders-0", "/moved")); // as the remedy for a damaged log says
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            Assert.DoesNotContain("orders", await TextOf(node, Checkpoint), StringComparison.Ordinal);
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            await CompactedBox.Append(log, "k=old");
            await CompactedBox.Append(log, "k");
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < 10; i++) await CompactedBox.Append(log, $"z={i}");
                await CompactedBox.CleanAll(manager);
                await node.Clock.Delay(TimeSpan.FromSeconds(2)); // the tombstone's time is over
            }

            var dump = await CompactedBox.Dump(log);
            Assert.DoesNotContain("1:k", dump);
            Assert.DoesNotContain("0:k=old", dump);
        });
    }

    [Fact]
    public void A_log_that_recovery_cuts_is_compacted_only_up_to_its_end()
    {
        _box.Run(FillAndCleanOnly);
        foreach (var name in _box.List("/data/orders-0").Where(n => n.EndsWith(".log", StringComparison.Ordinal)))
        {
            var path = $"/data/orders-0/{name}";
            var bytes = _box.Bytes(path);
            if (bytes.Length > 0) bytes[^1] ^= 1; // the first segment ends a batch early, the others follow no more
            _box.Write(path, bytes);
        }

        _box.Write("/data/recovery-point-offset-checkpoint", Encoding.UTF8.GetBytes("0\n0\n"));
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            var log = manager.Get(StorageBox.Orders)!;
            Assert.InRange(log.LogEndOffset, 0, 20);
            Assert.Equal(log.LogEndOffset, log.CleanedUpTo);
            Assert.Contains($"orders 0 {log.LogEndOffset}\n", await TextOf(node, Checkpoint), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_offset_that_still_holds_is_kept_and_written_no_second_time()
    {
        _box.Run(FillAndCleanOnly);
        _box.Run(async node =>
        {
            var (process, disk) = FailingDisk.Under(node);
            var manager = await _box.Load(process);
            Assert.True(manager.Get(StorageBox.Orders)!.CleanedUpTo > 20);
            Assert.DoesNotContain(disk.Synced, path => path.StartsWith(Checkpoint, StringComparison.Ordinal));
        });
    }

    private async LoopTask<LogManager> FillAndClean(Node node)
    {
        var manager = await _box.Load(node);
        var log = await manager.GetOrCreate(StorageBox.Orders);
        await log.StartLeading(1);
        for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"u{i}={i}");
        await CompactedBox.CleanAll(manager);
        Assert.True(log.CleanedUpTo > 20);
        return manager;
    }

    private async LoopTask FillAndCleanOnly(Node node) => await FillAndClean(node);

    private static async LoopTask<string> TextOf(Node node, string path) => Encoding.UTF8.GetString(await node.Disk.ReadAllBytes(path));
}
