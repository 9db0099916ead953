using System;
using System.Collections.Generic;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>Transactions: the index of the aborted ones grows with the log.</content>
public sealed partial class PartitionLog
{
    /// <summary>What is open at the log's end; null while nobody knows: after a start, and after a cut that took markers away.</summary>
    private OpenTransactions? _open;

    /// <summary>The aborted transactions that touch the offsets from one up to, not including, a bound; of their records a reader of committed ones skips.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedTransactions(long from, long upperBound)
    {
        var found = new List<AbortedTransaction>();
        for (var segment = FloorSegment(from); segment is not null; segment = _segments.After(segment))
        {
            if (segment.Transactions.Collect(from, upperBound, found)) break;
        }

        return found;
    }

    /// <summary>
    /// Before the first batch of a transaction is written: what is open is found by reading the log, once, from where the last aborted
    /// transaction says that the earliest other one began then.
    /// </summary>
    private LoopTask LearnTransactions(ReadOnlySpan<byte> batches) =>
        _open is null && OpenTransactions.Concern(batches) ? LearnTransactions() : LoopTask.Completed;

    private async LoopTask LearnTransactions() => _open = await TransactionScan.OpenAtEnd(_segments.All);

    /// <summary>After batches were written to the active segment.</summary>
    private void NoteTransactions(ReadOnlySpan<byte> batches)
    {
        if (_open is not { } open) return;
        foreach (var batch in new RecordBatches(batches))
        {
            if (!batch.IsTransactional) continue;
            var isAbort = batch.IsControl && OpenTransactions.IsAbort(batch.Bytes);
            if (open.Note(BatchHeader.TryRead(batch.Bytes)!.Value, isAbort) is { } aborted) _segments.Active.Transactions.Append(aborted);
        }
    }

    private void TruncateTransactions(long end)
    {
        if (_open is { } open && !open.TruncateTo(end)) _open = null;
    }
}
