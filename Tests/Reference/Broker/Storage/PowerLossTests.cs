using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// A follower's log under power losses at random instants of appends, rolls, flushes, truncations and deletions. Verifies that
/// what comes back is a prefix of what was written, that it contains all that was flushed, and that the epoch cache is what the
/// batches say.
/// </summary>
public class PowerLossTests
{
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public void After_any_power_loss_the_log_is_a_prefix_with_all_that_was_flushed(long flushMessages)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var box = new StorageBox(seed) { Config = LogConfig.Default with { SegmentBytes = 900, IndexIntervalBytes = 200, RetentionMillis = -1, FileDeleteDelayMillis = 5, FlushMessages = flushMessages } };
            new History(seed, flushMessages).Run(box);
        }
    }

    private sealed class History(ulong seed, long flushMessages)
    {
        private readonly RandomStream _random = RandomStream.Named(seed, "history");
        private readonly List<string> _written = []; // index = offset; what stands there in the latest writing
        private readonly List<int> _epochs = [];
        private long _durable; // everything below was flushed and not truncated since
        private long _allowedCut = long.MaxValue; // a truncation that had not ended may have happened or not
        private int _epoch;
        private int _values;

        public void Run(StorageBox box)
        {
            for (var boot = 0; boot < 6; boot++)
            {
                var running = false;
                box.Machine.Exited = (_, error) => Assert.Fail($"seed {seed}, boot {boot}: {error}");
                box.Machine.Start(async node =>
                {
                    var manager = await box.Load(node);
                    var log = await manager.GetOrCreate(StorageBox.Orders);
                    await Check(log, boot);
                    running = true;
                    manager.Start();
                    while (true) await Step(manager, log);
                });
                Assert.True(box.World.RunUntil(() => running, TimeSpan.FromSeconds(60)), $"seed {seed}, boot {boot}: {box.World.Failure}");
                box.World.RunFor(_random.NextSpan(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(400)));
                Assert.Null(box.World.Failure);
                if (_random.Chance(0.3)) box.Machine.Crash();
                box.Machine.LosePower();
            }
        }

        private async LoopTask Check(PartitionLog log, int boot)
        {
            var why = $"seed {seed}, boot {boot}, flush.messages {flushMessages}";
            var found = await Batches.Dump(log);
            var end = log.LogEndOffset;
            Assert.True(end <= _written.Count, why);
            Assert.True(end >= Math.Min(_durable, _allowedCut), $"{why}: {end} < {_durable}");
            var expected = Enumerable.Range((int)log.LogStartOffset, (int)(end - log.LogStartOffset)).Select(o => $"{o}@{_epochs[o]}={_written[o]}");
            Assert.Equal(expected, found);
            var starts = new List<EpochEntry>();
            for (var o = (int)log.LogStartOffset; o < end; o++)
            {
                if (starts.Count == 0 || starts[^1].Epoch != _epochs[o]) starts.Add(new EpochEntry(_epochs[o], o));
            }

            Assert.Equal(starts, log.Epochs.Entries);
            Keep(end);
            _durable = end; // recovery has made it durable
            _allowedCut = long.MaxValue;
        }

        private async LoopTask Step(LogManager manager, PartitionLog log)
        {
            switch (_random.Next(12))
            {
                case 0:
                    var flushing = log.LogEndOffset;
                    await log.Flush();
                    _durable = Math.Max(_durable, flushing);
                    break;
                case 1:
                    var target = Math.Max(log.LogStartOffset, log.LogEndOffset - _random.Next(8));
                    _allowedCut = Math.Max(0, target - 4);
                    var end = await log.TruncateTo(target);
                    Keep(end);
                    _durable = Math.Min(_durable, end);
                    _allowedCut = long.MaxValue;
                    break;
                case 2:
                    _epoch++;
                    break;
                case 3:
                    log.UpdateHighWatermark(log.LogEndOffset);
                    log.Config = log.Config with { RetentionBytes = 2500 };
                    await log.DeleteOldSegments();
                    break;
                case 4:
                    await manager.Directories[0].CheckpointRecoveryPoints();
                    break;
                default:
                    await Append(log);
                    break;
            }
        }

        private async LoopTask Append(PartitionLog log)
        {
            var values = Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => $"v{_values++}").ToArray();
            var start = log.LogEndOffset;
            foreach (var value in values)
            {
                _written.Add(value);
                _epochs.Add(_epoch);
            }

            log.StartFollowing(_epoch);
            var info = await log.AppendAsFollower(Batches.At(start, _epoch, 1000, values), _epoch);
            Assert.Equal(_written.Count, info.LastOffset + 1);
            if (flushMessages == 1) _durable = log.LogEndOffset;
        }

        private void Keep(long count)
        {
            _written.RemoveRange((int)count, _written.Count - (int)count);
            _epochs.RemoveRange((int)count, _epochs.Count - (int)count);
        }
    }
}
