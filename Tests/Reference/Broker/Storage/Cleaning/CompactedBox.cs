using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>A machine with one compacted log, and what stands in it as text: "offset:key=value", a tombstone without the value.</summary>
internal static class CompactedBox
{
    public static LogConfig Config { get; } = LogConfig.Default with
    {
        CleanupPolicy = CleanupPolicies.Compact,
        SegmentBytes = 400,
        IndexIntervalBytes = 100,
        RetentionMillis = -1,
        FileDeleteDelayMillis = 10,
        MinCleanableDirtyRatio = 0,
    };

    public static StorageBox Create(ulong seed = 1, WorldOptions? options = null) => new(seed, options) { Config = Config };

    public static async LoopTask<LogManager> Load(StorageBox box, Node node, LogManagerOptions options)
    {
        var manager = new LogManager(node, [StorageBox.Root], _ => box.Config, options);
        await manager.VerifyIdentity(1, "cluster");
        await manager.Load();
        return manager;
    }

    /// <summary>Appends one batch of "key=value" and "key" (a tombstone).</summary>
    public static async LoopTask Append(PartitionLog log, params string[] records)
    {
        await log.AppendAsLeader(Batch(CompressionType.None, records), 1);
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    public static byte[] Batch(CompressionType compression, params string[] records) => Fill(new RecordBatchBuilder(compression), records);

    public static byte[] Fill(RecordBatchBuilder builder, params string[] records)
    {
        for (var i = 0; i < records.Length; i++)
        {
            var equals = records[i].IndexOf('=');
            var key = Encoding.UTF8.GetBytes(equals < 0 ? records[i] : records[i][..equals]);
            ReadOnlyMemory<byte>? value = null; // not a null array, which would become an empty value
            if (equals >= 0) value = Encoding.UTF8.GetBytes(records[i][(equals + 1)..]);
            builder.Append(1000 + i, key, value);
        }

        return builder.Build();
    }

    /// <summary>Runs the cleaner until it finds nothing to do; gives how often it worked.</summary>
    public static async LoopTask<int> CleanAll(LogManager manager)
    {
        var rounds = 0;
        while (await manager.Cleaner.CleanFilthiest()) rounds++;
        return rounds;
    }

    public static async LoopTask<List<string>> Dump(PartitionLog log)
    {
        var found = new List<string>();
        var next = log.LogStartOffset;
        while (true)
        {
            var bytes = await (await log.Read(next, 1 << 20, FetchIsolation.LogEnd, minOneBatch: true)).Slice.ReadAll();
            var before = next;
            Collect(bytes.Span, found, ref next);
            if (next == before) return found;
        }
    }

    /// <summary>The latest value of each key; a key whose latest record is a tombstone is left out.</summary>
    public static SortedDictionary<string, string> Latest(IEnumerable<string> dump)
    {
        var latest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in dump)
        {
            var text = record[(record.IndexOf(':') + 1)..];
            var equals = text.IndexOf('=');
            if (equals < 0) latest.Remove(text);
            else latest[text[..equals]] = text[(equals + 1)..];
        }

        return latest;
    }

    public static string[] Names(IReadOnlyList<string> names) => names.Where(n => !n.EndsWith("index", StringComparison.Ordinal) && n != "leader-epoch-checkpoint").ToArray();

    private static void Collect(ReadOnlySpan<byte> bytes, List<string> found, ref long next)
    {
        foreach (var batch in new RecordBatches(bytes))
        {
            if (!batch.IsControl && batch.RecordCount > 0)
            {
                foreach (var record in batch.Records())
                {
                    var key = Encoding.UTF8.GetString(record.Key);
                    if (record.Offset >= next) found.Add(record.HasValue ? $"{record.Offset}:{key}={Encoding.UTF8.GetString(record.Value)}" : $"{record.Offset}:{key}");
                }
            }

            next = Math.Max(next, batch.NextOffset);
        }
    }
}
