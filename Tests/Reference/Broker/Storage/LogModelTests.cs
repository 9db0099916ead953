using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Storage;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// Random operations on a log against a list of records. Verifies content, offsets, epochs, high watermark and lookups by time;
/// not crashes, see <see cref="PowerLossTests"/>.
/// </summary>
public class LogModelTests
{
    private enum Kind
    {
        Append,
        AppendMany,
        NewEpoch,
        Follow,
        Truncate,
        Restart,
        DeleteRecords,
        Retain,
        Flush,
        Reopen,
        Look,
    }

    private static readonly Gen<(Kind, int)> s_step = Gen.Zip(Gen.Elements(Enum.GetValues<Kind>().Append(Kind.Append).Append(Kind.Append).Append(Kind.AppendMany).ToArray()), Gen.Choose(0, 999));

    [Fact]
    public void A_log_is_a_list_whatever_happens_to_it() =>
        Prop.ForAll(Arb.From(Gen.ListOf(s_step)), steps => Check(steps, seed: (ulong)steps.Count + 1)).QuickCheckThrowOnFailure();

    private static void Check(IEnumerable<(Kind Kind, int Number)> steps, ulong seed)
    {
        var box = new StorageBox(seed, new WorldOptions { Buggify = seed % 2 == 0 })
        {
            Config = LogConfig.Default with { SegmentBytes = 700, IndexIntervalBytes = 150, RetentionMillis = -1, FileDeleteDelayMillis = 10 },
        };
        var model = new Model();
        var left = new Queue<(Kind Kind, int Number)>(steps);
        do
        {
            box.RunManager(async manager =>
            {
                var log = await manager.GetOrCreate(StorageBox.Orders);
                await model.Compare(log);
                while (left.TryDequeue(out var step))
                {
                    if (step.Kind == Kind.Reopen) break;
                    await model.Apply(log, step.Kind, step.Number);
                    await model.Compare(log);
                }

                model.Forget();
                if (left.Count % 2 == 0) await manager.Shutdown(); // else it crashes
                else await manager.Directories[0].CheckpointHighWatermarks();
                if (left.Count % 2 == 1) await manager.Directories[0].CheckpointLogStartOffsets();
            });
        }
        while (left.Count > 0);
    }

    private sealed class Model
    {
        private readonly List<(long Offset, int Epoch, string Value, long Timestamp)> _records = [];
        private long _start;
        private long _end;
        private long _highWatermark;
        private int _epoch;
        private bool _leads;
        private int _values;

        public async LoopTask Apply(PartitionLog log, Kind kind, int number)
        {
            switch (kind)
            {
                case Kind.Append or Kind.AppendMany:
                    await Append(log, kind == Kind.Append ? 1 : 1 + (number % 5), number);
                    break;
                case Kind.NewEpoch:
                    _leads = true;
                    Assert.Equal(_end, await log.StartLeading(++_epoch));
                    break;
                case Kind.Follow:
                    _leads = false;
                    log.StartFollowing(++_epoch);
                    break;
                case Kind.Truncate:
                    await Truncate(log, number);
                    break;
                case Kind.Restart when number % 4 == 0:
                    await log.TruncateFullyAndStartAt(_start = _end = _highWatermark = number);
                    _records.Clear();
                    break;
                case Kind.DeleteRecords:
                    _highWatermark = log.UpdateHighWatermark(_start + (number % (_end - _start + 1)));
                    _start += (_highWatermark - _start) / 2;
                    await log.IncrementLogStartOffset(_start);
                    break;
                case Kind.Retain:
                    _highWatermark = log.UpdateHighWatermark(_end);
                    log.Config = log.Config with { RetentionBytes = 500 + number };
                    await log.DeleteOldSegments();
                    _start = log.LogStartOffset;
                    log.Config = log.Config with { RetentionBytes = -1 };
                    Assert.True(log.SizeInBytes <= 500 + number + 700);
                    break;
                case Kind.Flush:
                    await log.Flush();
                    Assert.Equal(_end, log.RecoveryPoint);
                    break;
                case Kind.Look:
                    await Look(log, number);
                    break;
            }

            _records.RemoveAll(r => r.Offset < _start);
        }

        /// <summary>What a new process does not know.</summary>
        public void Forget() => _leads = false;

        public async LoopTask Compare(PartitionLog log)
        {
            Assert.Equal((_start, _highWatermark, _end), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset));
            Assert.InRange(log.RecoveryPoint, 0, log.LogEndOffset);
            var expected = _records.Select(r => $"{r.Offset}@{r.Epoch}={r.Value}").ToList();
            Assert.Equal(expected, await Batches.Dump(log, _start));
            foreach (var epoch in _records.Select(r => r.Epoch).Distinct())
            {
                var end = _records.Where(r => r.Epoch > epoch).Select(r => r.Offset).FirstOrDefault(_end);
                if (epoch != log.LatestEpoch) Assert.Equal(new EpochEntry(epoch, end), log.EndOffsetForEpoch(epoch));
            }
        }

        private async LoopTask Append(PartitionLog log, int count, int number)
        {
            var values = Enumerable.Range(0, count).Select(_ => $"v{_values++}").ToArray();
            var timestamp = 1_000_000 + number;
            if (!_leads)
            {
                _epoch = Math.Max(_epoch, 1);
                log.StartFollowing(_epoch);
                await log.AppendAsFollower(Batches.At(_end, _epoch, timestamp, values), _epoch);
            }
            else
            {
                await log.AppendAsLeader(Batches.At(0, -1, timestamp, values), _epoch);
            }

            for (var i = 0; i < count; i++) _records.Add((_end++, _epoch, values[i], timestamp + i));
        }

        private async LoopTask Truncate(PartitionLog log, int number)
        {
            var target = Math.Max(_start, _end - (number % 12));
            var end = await log.TruncateTo(target);
            Assert.InRange(end, Math.Max(0, target - 5), target); // a batch has at most 5 records
            _end = end;
            _records.RemoveAll(r => r.Offset >= end);
            _start = Math.Min(_start, end);
            _highWatermark = Math.Min(_highWatermark, end);
        }

        private async LoopTask Look(PartitionLog log, int number)
        {
            var timestamp = 1_000_000 + number;
            var expected = _records.Where(r => r.Timestamp >= timestamp).Select(r => (TimestampOffset?)new TimestampOffset(r.Timestamp, r.Offset, r.Epoch)).FirstOrDefault();
            Assert.Equal(expected, await log.OffsetForTimestamp(timestamp, _end));
            if (_end == _start) return;
            var from = _start + (number % (_end - _start));
            Assert.Equal(_records.Count(r => r.Offset >= from), (await Batches.Dump(log, from, maxBytes: 1 + number)).Count);
        }
    }
}
