using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>The transaction index as a file: found again by reading the log when a crash or a hand has damaged it, cut and deleted with its segment.</summary>
public class TransactionIndexTests
{
    private const string Index0 = "/data/orders-0/00000000000000000000.txnindex";
    private readonly StorageBox _box = new();

    [Fact]
    public void A_crash_leaves_the_aborted_transactions_to_be_found_in_the_log()
    {
        _box.RunLog(Write);
        _box.RunLog(
            log =>
            {
                Assert.Equal([new AbortedTransaction(7, 0, 3, 1), new AbortedTransaction(8, 1, 5, 6)], log.AbortedTransactions(0, 100));
                return LoopTask.Completed;
            },
            shutDown: true);
        const string first = "0000" + "0000000000000007" + "0000000000000000" + "0000000000000003" + "0000000000000001";
        const string second = "0000" + "0000000000000008" + "0000000000000001" + "0000000000000005" + "0000000000000006";
        Assert.Equal(first + second, Convert.ToHexString(_box.Bytes(Index0)));
    }

    [Fact]
    public void Appends_fill_the_index_of_the_segment_that_takes_the_marker()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 200 }; // two batches each
        _box.RunLog(
            async log =>
            {
                await Write(log);
                Assert.Equal([new AbortedTransaction(7, 0, 3, 1), new AbortedTransaction(8, 1, 5, 6)], log.AbortedTransactions(0, 100));
                Assert.Equal([0, 2, 4, 6], log.Segments.Select(s => s.BaseOffset));
            },
            shutDown: true);
        Assert.Equal(["00000000000000000002.txnindex", "00000000000000000004.txnindex"], _box.List("/data/orders-0").Where(n => n.EndsWith("txnindex", StringComparison.Ordinal)));
        Assert.Equal("0000" + "0000000000000007" + "0000000000000000" + "0000000000000003" + "0000000000000001", Convert.ToHexString(_box.Bytes("/data/orders-0/00000000000000000002.txnindex")));
    }

    [Fact]
    public void The_first_transaction_after_a_start_reads_the_log_only_from_where_the_last_abort_left_something_undecided()
    {
        _box.Config = LogConfig.Default with { SegmentBytes = 200 }; // segments at 0, 2, 4 and 6; the last abort left nothing undecided below 6
        _box.RunLog(Write, shutDown: true);
        _box.Run(async node =>
        {
            var (onFailing, disk) = FailingDisk.Under(node);
            var log = await (await _box.Load(onFailing)).GetOrCreate(StorageBox.Orders);
            disk.Fails = (operation, path) => operation == "read" && path.EndsWith(".log", StringComparison.Ordinal) && !path.EndsWith("6.log", StringComparison.Ordinal) ? DiskError.Io : null;
            log.StartFollowing(1);
            await log.AppendAsFollower(Data(7, 8), 1);
            await log.AppendAsFollower(Marker(8, 8, commit: false), 1);
            Assert.Equal(new AbortedTransaction(8, 7, 8, 9), log.AbortedTransactions(0, 100)[^1]);
            disk.Fails = (_, _) => null;
            await log.TruncateTo(5); // takes a marker away that was not read
            await log.AppendAsFollower(Marker(5, 8, commit: false), 1);
            Assert.Equal([new AbortedTransaction(7, 0, 3, 1), new AbortedTransaction(8, 1, 5, 6)], log.AbortedTransactions(0, 100));
        });
    }

    [Fact]
    public void A_coordinators_marker_of_a_transaction_without_records_skips_nothing() => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Marker(0, 7, commit: false), 1, AppendOrigin.Coordinator);
        await log.AppendAsLeader(Data(0, 7), 1);
        await log.AppendAsLeader(Marker(0, 7, commit: true), 1, AppendOrigin.Coordinator);
        await log.AppendAsLeader(Marker(0, 7, commit: false), 1, AppendOrigin.Coordinator);
        Assert.Empty(log.AbortedTransactions(0, 100));
    });

    [Fact]
    public void Appends_cuts_rolls_stops_and_crashes_leave_in_the_index_what_the_log_says()
    {
        var step = Gen.Zip(Gen.Choose(0, 11), Gen.Choose(1, 3));
        Prop.ForAll(Arb.From(Gen.ListOf(step)), steps =>
        {
            var box = new StorageBox { Config = LogConfig.Default with { SegmentBytes = 250, FlushMessages = 1 } };
            var model = new List<(long Producer, char Kind)>();
            for (var i = 0; i < steps.Count;)
            {
                var first = i;
                box.RunLog(
                    async log =>
                    {
                        log.StartFollowing(1);
                        do await Step(log, model, steps[i++]);
                        while (i < steps.Count && steps[i - 1].Item1 < 10);
                        Assert.Equal(Expected(model), log.AbortedTransactions(0, 1000));
                    },
                    shutDown: steps[first].Item2 == 1);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_damaged_index_is_made_again_from_the_log_even_after_an_orderly_stop()
    {
        _box.RunLog(Write);
        _box.RunLog(_ => LoopTask.Completed, shutDown: true);
        var sound = _box.Bytes(Index0);
        foreach (var damaged in (byte[][])[[], sound[..^1], [.. sound.Reverse()], [.. sound, .. new byte[34]], [1, .. sound[1..]]])
        {
            _box.Write(Index0, damaged);
            _box.RunLog(
                log =>
                {
                    Assert.Equal(2, log.AbortedTransactions(0, 100).Count);
                    return LoopTask.Completed;
                },
                shutDown: true);
            Assert.Equal(sound, _box.Bytes(Index0));
        }
    }

    [Fact]
    public void It_is_cut_with_its_segment_and_goes_with_it()
    {
        _box.Config = LogConfig.Default with { FileDeleteDelayMillis = 100 };
        _box.RunLog(Write);
        _box.Run(async node =>
        {
            var manager = await _box.Load(node);
            var log = await manager.GetOrCreate(StorageBox.Orders);
            await log.TruncateTo(5);
            Assert.Equal([new AbortedTransaction(7, 0, 3, 1)], log.AbortedTransactions(0, 100));
            await log.TruncateFullyAndStartAt(9);
            Assert.Empty(log.AbortedTransactions(0, 100));
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            await manager.Shutdown();
        });
        Assert.DoesNotContain(_box.List("/data/orders-0"), name => name.Contains("txnindex", StringComparison.Ordinal));
    }

    [Fact]
    public void Segments_without_aborted_transactions_have_no_such_file()
    {
        _box.RunLog(
            async log =>
            {
                await log.StartLeading(1);
                await log.AppendAsLeader(Batches.Of("a"), 1);
            },
            shutDown: true);
        Assert.DoesNotContain(_box.List("/data/orders-0"), name => name.EndsWith(".txnindex", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_reader_collects_are_all_that_touch_its_range()
    {
        var bounds = Gen.Zip(Gen.ListOf(Gen.Zip(Gen.Choose(0, 9), Gen.Choose(1, 5))), Gen.Zip(Gen.Choose(0, 60), Gen.Choose(0, 30)));
        Prop.ForAll(Arb.From(bounds), drawn =>
        {
            var (shapes, (from, length)) = drawn;
            var written = new List<AbortedTransaction>();
            foreach (var (span, step) in shapes)
            {
                var last = (written.Count == 0 ? 10 : written[^1].LastOffset) + step;
                written.Add(new AbortedTransaction(written.Count, Math.Max(0, last - span), last, 0));
            }

            // No transaction begins before the last stable offset at an earlier marker.
            for (var i = written.Count - 1; i >= 0; i--)
                written[i] = written[i] with { LastStableOffset = Math.Min(written[i].LastOffset + 1, written.Skip(i + 1).Select(t => t.FirstOffset).DefaultIfEmpty(long.MaxValue).Min()) };
            var expected = written.Where(t => t.LastOffset >= from && t.FirstOffset < from + length).ToList();
            Assert.Equal(expected, CollectFrom(written, from, from + length));
        }).QuickCheckThrowOnFailure();
    }

    private static List<AbortedTransaction> CollectFrom(List<AbortedTransaction> written, long from, long upperBound)
    {
        var found = new List<AbortedTransaction>();
        var box = new StorageBox();
        box.Run(node =>
        {
            var index = new TransactionIndex(node.Disk, "/x.txnindex");
            foreach (var aborted in written) index.Append(aborted);
            index.Collect(from, upperBound, found);
            return LoopTask.Completed;
        });
        return found;
    }

    /// <summary>0 to 5 appends records, 6 and 7 abort, 8 commits, 9 cuts, more restart.</summary>
    private static async LoopTask Step(PartitionLog log, List<(long Producer, char Kind)> model, (int Kind, int Producer) step)
    {
        if (step.Kind == 9)
        {
            model.RemoveRange(model.Count * 2 / 3, model.Count - (model.Count * 2 / 3));
            await log.TruncateTo(model.Count);
        }
        else if (step.Kind < 9)
        {
            var kind = step.Kind < 6 ? 'd' : step.Kind < 8 ? 'a' : 'c';
            await log.AppendAsFollower(kind == 'd' ? Data(model.Count, step.Producer) : Marker(model.Count, step.Producer, commit: kind == 'c'), 1);
            model.Add((step.Producer, kind));
        }
    }

    /// <summary>By the definition: each abort ends what its producer has written since its last marker.</summary>
    private static List<AbortedTransaction> Expected(List<(long Producer, char Kind)> model)
    {
        var found = new List<AbortedTransaction>();
        for (var marker = 0; marker < model.Count; marker++)
        {
            if (model[marker].Kind != 'a' || FirstOf(model[marker].Producer, marker) is not { } first) continue;
            var stable = new long[] { 1, 2, 3 }.Where(p => p != model[marker].Producer).Min(p => FirstOf(p, marker)) ?? marker + 1;
            found.Add(new AbortedTransaction(model[marker].Producer, first, marker, stable));
        }

        return found;

        long? FirstOf(long producer, int before)
        {
            long? first = null;
            for (var i = 0; i < before; i++)
            {
                if (model[i].Producer == producer) first = model[i].Kind == 'd' ? first ?? i : null;
            }

            return first;
        }
    }

    /// <summary>Producers 7 and 8 abort, 9 commits: offsets 0 to 6.</summary>
    internal static async LoopTask Write(PartitionLog log)
    {
        log.StartFollowing(1);
        await log.AppendAsFollower(Data(0, 7), 1);
        await log.AppendAsFollower(Data(1, 8), 1);
        await log.AppendAsFollower(Data(2, 9), 1);
        await log.AppendAsFollower(Marker(3, 7, commit: false), 1);
        await log.AppendAsFollower(Marker(4, 9, commit: true), 1);
        await log.AppendAsFollower(Marker(5, 8, commit: false), 1);
        await log.AppendAsFollower(Batches.At(6, 1, 1000, "plain"), 1);
    }

    private static byte[] Data(long offset, long producer)
    {
        var builder = new RecordBatchBuilder { BaseOffset = offset, PartitionLeaderEpoch = 1, ProducerId = producer, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true };
        builder.Append(1000, null, new byte[] { 1 });
        return builder.Build();
    }

    private static byte[] Marker(long offset, long producer, bool commit)
    {
        var builder = new RecordBatchBuilder { BaseOffset = offset, PartitionLeaderEpoch = 1, ProducerId = producer, ProducerEpoch = 0, IsTransactional = true, IsControl = true };
        builder.Append(1000, new byte[] { 0, 0, 0, commit ? (byte)1 : (byte)0 }, new byte[6]);
        return builder.Build();
    }
}
