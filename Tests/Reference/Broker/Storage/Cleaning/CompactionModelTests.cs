using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>
/// Compaction under crashes and power losses at random instants. Verifies S13: from the start of the log to any later point a reader
/// finds for each key what the uncompacted log has there last, that no record is changed or moved, and that offsets go on without a hole
/// between segments. Not transactions.
/// </summary>
public class CompactionModelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_any_crash_the_latest_value_of_each_key_is_there(bool losesPower)
    {
        for (var seed = 1UL; seed <= 12; seed++) new History(seed, losesPower).Run();
    }

    private sealed class History(ulong seed, bool losesPower)
    {
        private readonly RandomStream _random = RandomStream.Named(seed, "history");
        private readonly List<string> _written = []; // index = offset
        private int _compactions;

        public void Run()
        {
            var box = CompactedBox.Create(seed);
            box.Config = box.Config with { FlushMessages = 1, DeleteRetentionMillis = 30, SegmentBytes = 600 };
            for (var boot = 0; boot < 8; boot++)
            {
                var running = false;
                box.Machine.Exited = (_, error) => Assert.Fail($"seed {seed}, boot {boot}: {error}");
                box.Machine.Start(async node =>
                {
                    var manager = await box.Load(node);
                    var log = await manager.GetOrCreate(StorageBox.Orders);
                    await Check(log, boot);
                    running = true;
                    await log.StartLeading(boot + 1);
                    node.Spawn(Clean(node, manager));
                    while (true) await Append(log, boot + 1);
                });
                Assert.True(box.World.RunUntil(() => running, TimeSpan.FromSeconds(60)), $"seed {seed}, boot {boot}: {box.World.Failure}");
                box.World.RunFor(_random.NextSpan(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300)));
                Assert.Null(box.World.Failure);
                box.Machine.Crash();
                if (losesPower) box.Machine.LosePower();
            }

            Assert.True(_compactions > 3, $"seed {seed}: {_compactions} compactions");
        }

        private async LoopTask Clean(Node node, LogManager manager)
        {
            while (true)
            {
                if (await manager.Cleaner.CleanFilthiest()) _compactions++;
                Assert.Empty(manager.Cleaner.Uncleanable);
                await node.Clock.Delay(TimeSpan.FromMilliseconds(5));
            }
        }

        private async LoopTask Append(PartitionLog log, int epoch)
        {
            var records = Enumerable.Range(0, 1 + _random.Next(3)).Select(i => _random.Chance(0.2) ? $"k{_random.Next(8)}" : $"k{_random.Next(8)}={_written.Count + i}").ToArray();
            foreach (var record in records) _written.Add($"{_written.Count}:{record}");
            var info = await log.AppendAsLeader(CompactedBox.Batch(global::Reference.Wire.CompressionType.None, records), epoch);
            Assert.Equal(_written.Count, info.LastOffset + 1);
            log.UpdateHighWatermark(log.LogEndOffset);
        }

        private async LoopTask Check(PartitionLog log, int boot)
        {
            var why = $"seed {seed}, boot {boot}";
            Assert.InRange(_written.Count - log.LogEndOffset, 0, 3); // one append was under way
            _written.RemoveRange((int)log.LogEndOffset, _written.Count - (int)log.LogEndOffset);
            var found = await CompactedBox.Dump(log);
            Assert.True(found.All(r => _written[int.Parse(r[..r.IndexOf(':')], System.Globalization.CultureInfo.InvariantCulture)] == r), why);
            Assert.True(CompactedBox.Latest(_written).SequenceEqual(CompactedBox.Latest(found)), $"{why}: {string.Join(' ', found)}");
            for (var i = 1; i < log.Segments.Count; i++) Assert.Equal(log.Segments[i].BaseOffset, log.Segments[i - 1].NextOffset);
            log.UpdateHighWatermark(log.LogEndOffset);
        }
    }
}
