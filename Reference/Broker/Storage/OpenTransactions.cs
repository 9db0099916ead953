using System;
using System.Collections.Generic;
using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>
/// The transactions whose records stand in a log and whose marker does not yet, each with the offset of its first record. Noting the
/// batches of a log in their order gives the entries of its transaction indexes (KIP-98).
/// </summary>
/// <param name="from">The offset from which on batches are noted: those before are known to leave nothing open, but not what is in them.</param>
internal sealed class OpenTransactions(long from = 0)
{
    private const short AbortMarker = 0;

    private readonly SortedDictionary<long, long> _firstOffsets = []; // by producer
    private long _lastMarker = -1;

    /// <summary>True if any of the batches belongs to a transaction.</summary>
    public static bool Concern(ReadOnlySpan<byte> batches)
    {
        foreach (var batch in new RecordBatches(batches))
        {
            if (batch.IsTransactional) return true;
        }

        return false;
    }

    /// <summary>True if a control batch aborts: its record's key is 2 bytes of version and 2 of type.</summary>
    public static bool IsAbort(ReadOnlySpan<byte> controlBatch)
    {
        foreach (var record in new RecordBatch(controlBatch).Records())
        {
            if (record.Key.Length >= 4) return ((record.Key[2] << 8) | record.Key[3]) == AbortMarker;
        }

        return false;
    }

    /// <summary>Notes the next batch of the log.</summary>
    /// <returns>What an abort marker ends; null for other batches, and for the marker of a transaction that has no record here: there is nothing to skip.</returns>
    public AbortedTransaction? Note(BatchHeader batch, bool isAbort)
    {
        if (!batch.IsTransactional) return null;
        if (!batch.IsControl)
        {
            _firstOffsets.TryAdd(batch.ProducerId, batch.BaseOffset);
            return null;
        }

        _lastMarker = batch.LastOffset;
        if (!_firstOffsets.Remove(batch.ProducerId, out var first) || !isAbort) return null;
        var stable = batch.LastOffset + 1;
        foreach (var other in _firstOffsets.Values) stable = Math.Min(stable, other);
        return new AbortedTransaction(batch.ProducerId, first, batch.LastOffset, stable);
    }

    /// <summary>Forgets what began at or after an offset where the log was cut.</summary>
    /// <returns>False if a marker went too, or may have: what it had ended is open again, and only the log knows what that was.</returns>
    public bool TruncateTo(long end)
    {
        if (_lastMarker >= end || end < from) return false;
        foreach (var (producer, first) in new List<KeyValuePair<long, long>>(_firstOffsets))
        {
            if (first >= end) _firstOffsets.Remove(producer);
        }

        return true;
    }
}
