using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// The work of a broker's logs on a disk that is not well: one log is appended to, and loses its oldest segments; one is compacted; others
/// come and go. Remembers what was said to be done, and judges what a later process finds.
/// </summary>
internal sealed class TroubledLogs
{
    private const int Keys = 5;
    private const int RetentionBytes = 2500;
    private const int KeptAtLeast = 25; // records that are no more than the bytes that stay
    private static readonly TopicPartition s_keyed = new("keyed", 0);
    private readonly List<string> _orders = []; // index = offset; the last may be under way
    private readonly List<string> _keyed = [];
    private int _gone;

    /// <summary>Number of appends, each flushed, that ended well.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Number of compactions and of deletions of segments and of whole logs.</summary>
    public (int Compactions, int Retentions, int Deletions) Upkeep { get; private set; }

    /// <summary>Opens the logs of a directory.</summary>
    public static async LoopTask<LogManager> Open(Node node)
    {
        var usual = LogConfig.Default with { FlushMessages = 1, SegmentBytes = 500, IndexIntervalBytes = 150, FileDeleteDelayMillis = 5, RetentionMillis = -1, RetentionBytes = RetentionBytes };
        var compacted = usual with { CleanupPolicy = CleanupPolicies.Compact, MinCleanableDirtyRatio = 0 };
        var manager = new LogManager(node, [StorageBox.Root], topic => topic == s_keyed.Topic ? compacted : usual);
        await manager.VerifyIdentity(1, "cluster");
        await manager.Load();
        return manager;
    }

    /// <summary>Works until the disk, or who stops it, ends that.</summary>
    public async LoopTask Work(LogManager manager, Action begun, Func<bool> stops)
    {
        var orders = await manager.GetOrCreate(StorageBox.Orders);
        var keyed = await manager.GetOrCreate(s_keyed);
        await orders.StartLeading(1);
        await keyed.StartLeading(1);
        begun();
        for (var round = 0; !stops(); round++)
        {
            await Append(orders, _orders, $"v{_orders.Count}");
            await Append(keyed, _keyed, $"k{round % Keys}={_keyed.Count}");
            Acknowledged++;
            if (round % 10 == 9) await Retain(orders);
            if (round % 15 == 14) await Compact(manager, keyed);
            if (round % 20 == 19) await ComeAndGo(manager);
        }
    }

    /// <summary>After troubles of which the disk told: all that was acknowledged is there, but what was deleted or compacted away.</summary>
    public void AssertKept(IReadOnlyList<(long Offset, string Text)> orders, IReadOnlyList<(long Offset, string Text)> keyed)
    {
        AssertNothingWrong(orders, keyed);
        Assert.True(orders.Count >= Math.Min(Acknowledged, KeptAtLeast), $"{orders.Count} of {Acknowledged} are left");
        if (orders.Count > 0) Assert.Equal(Enumerable.Range((int)orders[0].Offset, orders.Count).Select(o => (long)o), orders.Select(r => r.Offset));
        Assert.InRange(orders.Count == 0 ? 0 : orders[^1].Offset + 1, Acknowledged, Acknowledged + 1);
        Assert.InRange(keyed.Count == 0 ? 0 : keyed[^1].Offset + 1, Acknowledged, Acknowledged + 1);
        Assert.Equal(Latest(_keyed.Take((int)(keyed.Count == 0 ? 0 : keyed[^1].Offset + 1))), Latest(keyed.Select(r => r.Text)));
    }

    /// <summary>After lies of the disk: whatever is there was appended there, as far as a batch can tell.</summary>
    public void AssertNothingWrong(IReadOnlyList<(long Offset, string Text)> orders, IReadOnlyList<(long Offset, string Text)> keyed, Doubt doubt = Doubt.None, string why = "")
    {
        AssertAppended(_orders, _keyed, orders, doubt, why);
        AssertAppended(_keyed, _orders, keyed, doubt, why);
    }

    /// <summary>What a reader that checks each batch's sum gets of the two logs.</summary>
    public static async LoopTask<(List<(long Offset, string Text)> Orders, List<(long Offset, string Text)> Keyed)> Read(LogManager manager) =>
        (await Read(manager, StorageBox.Orders), await Read(manager, s_keyed));

    private static async LoopTask<List<(long Offset, string Text)>> Read(LogManager manager, TopicPartition partition)
    {
        var found = new List<(long, string)>();
        if (manager.Get(partition) is not { } log) return found;
        for (var next = log.LogStartOffset; next < log.LogEndOffset;)
        {
            var before = next;
            var bytes = await (await log.Read(next, 1 << 20, FetchIsolation.LogEnd, minOneBatch: true)).Slice.ReadAll();
            if (!Collect(bytes.Span, found, ref next) || next == before) break; // a reader ends there with an error
        }

        return found;
    }

    private static bool Collect(ReadOnlySpan<byte> bytes, List<(long Offset, string Text)> found, ref long next)
    {
        foreach (var batch in new RecordBatches(bytes))
        {
            if (!RecordBatchValidator.ValidateEnvelope(batch.Bytes).IsSound) return false;
            foreach (var record in batch.Records())
            {
                if (record.Offset < next) continue;
                var value = Encoding.UTF8.GetString(record.Value);
                found.Add((record.Offset, record.HasKey ? $"{Encoding.UTF8.GetString(record.Key)}={value}" : value));
            }

            next = Math.Max(next, batch.NextOffset);
        }

        return true;
    }

    private void AssertAppended(List<string> appended, List<string> other, IReadOnlyList<(long Offset, string Text)> found, Doubt doubt, string why)
    {
        foreach (var (offset, text) in found)
        {
            var there = offset < appended.Count ? appended[(int)offset] : "nothing";
            var isRight = there == text || doubt switch
            {
                Doubt.WhereItStands => appended.Contains(text),
                Doubt.WhoseItIs => (offset < other.Count && other[(int)offset] == text) || (offset == 0 && int.TryParse(text, out var passing) && passing <= _gone),
                _ => false,
            };
            Assert.True(isRight, $"{why}: {text} stands at {offset}, where {there} was appended");
        }
    }

    private static SortedDictionary<string, string> Latest(IEnumerable<string> records)
    {
        var latest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in records) latest[record[..record.IndexOf('=')]] = record;
        return latest;
    }

    private static async LoopTask Append(PartitionLog log, List<string> appended, string text)
    {
        Assert.Equal(appended.Count, log.LogEndOffset);
        appended.Add(text);
        var builder = new RecordBatchBuilder();
        var equals = text.IndexOf('=');
        ReadOnlyMemory<byte>? key = null; // not a null array, which would become an empty key
        if (equals >= 0) key = Encoding.UTF8.GetBytes(text[..equals]);
        builder.Append(1000 + appended.Count, key, Encoding.UTF8.GetBytes(text[(equals + 1)..]));
        await log.AppendAsLeader(builder.Build(), 1);
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    /// <summary>What a sound batch does not tell of itself, so that no reader can know; in Kafka, too.</summary>
    public enum Doubt
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Its offset: the checksum covers neither the base offset nor the length, leader epoch and magic around it.</summary>
        WhereItStands,

        /// <summary>Its log: a whole batch of another one may have gone astray to where a batch begins.</summary>
        WhoseItIs,
    }

    private async LoopTask Retain(PartitionLog log)
    {
        var deleted = await log.DeleteOldSegments();
        Upkeep = Upkeep with { Retentions = Upkeep.Retentions + deleted };
    }

    private async LoopTask Compact(LogManager manager, PartitionLog log)
    {
        var before = log.Rewrites;
        for (var turn = 0; turn < 10 && await manager.Cleaner.CleanFilthiest(); turn++) log.UpdateHighWatermark(log.LogEndOffset);
        Upkeep = Upkeep with { Compactions = Upkeep.Compactions + log.Rewrites - before };
    }

    private async LoopTask ComeAndGo(LogManager manager)
    {
        var passing = new TopicPartition("passing", _gone++);
        var log = await manager.GetOrCreate(passing);
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of(_gone.ToString(CultureInfo.InvariantCulture)), 1);
        await manager.Delete(passing);
        Upkeep = Upkeep with { Deletions = Upkeep.Deletions + 1 };
    }
}
