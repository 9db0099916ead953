using System;
using System.Collections.Generic;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Finds the aborted transactions of a log by reading it, for segments whose transaction index was lost or damaged.</summary>
internal static class AbortedTransactionScan
{
    private const short AbortMarker = 0;

    /// <summary>Fills the transaction indexes of the segments that need it; nothing is read if none does.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask Complete(IReadOnlyList<LogSegment> segments)
    {
        var last = segments.Count - 1;
        while (last >= 0 && !segments[last].LacksTransactions) last--;
        var open = new SortedDictionary<long, long>(); // first offsets by producer
        for (var i = 0; i <= last; i++)
        {
            await Scan(segments[i], open);
            segments[i].LacksTransactions = false;
        }
    }

    private static async LoopTask Scan(LogSegment segment, SortedDictionary<long, long> open)
    {
        var scanner = new BatchScanner(segment.File, 0, segment.Size);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (!batch.IsTransactional) continue;
            if (!batch.IsControl)
            {
                open.TryAdd(batch.ProducerId, batch.BaseOffset);
                continue;
            }

            open.Remove(batch.ProducerId, out var first);
            var whole = new BatchScanner(segment.File, scanner.Position, segment.Size);
            if (!segment.LacksTransactions || !await whole.MoveNextWhole() || !IsAbort(whole.Bytes.Span)) continue;
            var stable = batch.LastOffset + 1;
            foreach (var other in open.Values) stable = Math.Min(stable, other);
            segment.Transactions.Append(new AbortedTransaction(batch.ProducerId, first, batch.LastOffset, stable));
        }
    }

    /// <summary>A control record's key: 2 bytes of version, 2 bytes of type.</summary>
    private static bool IsAbort(ReadOnlySpan<byte> bytes)
    {
        foreach (var record in new RecordBatch(bytes).Records())
        {
            if (record.Key.Length >= 4) return ((record.Key[2] << 8) | record.Key[3]) == AbortMarker;
        }

        return false;
    }
}
