using System.Collections.Generic;

namespace Scenarios.Observation;

/// <summary>
/// A ghost variable: the records that some replica has shown below its high watermark, offset by offset. Once there, a record must
/// never be another one anywhere.
/// </summary>
public sealed class CommittedLog
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<ulong, long> _latest = [];

    /// <summary>The offset after the last committed record.</summary>
    public long End => _entries.Count;

    /// <summary>The offset of the last committed record of each key.</summary>
    public IReadOnlyDictionary<ulong, long> LatestOfKeys => _latest;

    /// <summary>Which record was committed at an offset.</summary>
    public ulong IdentityAt(long offset) => _entries[(int)offset].Record.Identity;

    /// <summary>The record that was committed at an offset.</summary>
    public ShadowRecord At(long offset) => _entries[(int)offset].Record;

    /// <summary>When it was first seen there, on the wall clock of who was looked at.</summary>
    public long SeenMillis(long offset) => _entries[(int)offset].SeenMillis;

    /// <summary>True if a later record of its key has been committed.</summary>
    public bool IsSuperseded(long offset) => At(offset) is { Key: not 0 } record && _latest[record.Key] > offset;

    /// <summary>True if compaction may take it away, sooner or later: it is superseded, or a tombstone.</summary>
    public bool MayBeCompactedAway(long offset) => At(offset) is { Key: not 0 } record && (record.IsTombstone || _latest[record.Key] > offset);

    /// <summary>Who leads now does not have the rest, and need not.</summary>
    public void CutTo(long end)
    {
        _entries.RemoveRange((int)end, _entries.Count - (int)end);
        _latest.Clear();
        for (var offset = 0; offset < _entries.Count; offset++)
        {
            if (_entries[offset].Record.Key is not 0 and var key) _latest[key] = offset;
        }
    }

    /// <summary>A replica shows its records below <paramref name="highWatermark"/> as committed.</summary>
    public void Extend(ShadowLog log, long highWatermark, long nowMillis = 0)
    {
        for (var offset = End; offset < highWatermark && offset < log.End; offset++)
        {
            if (log.At(offset) is not { IsHeld: true } record) return;
            if (record.Key != 0) _latest[record.Key] = offset;
            _entries.Add(new Entry(record, nowMillis));
        }
    }

    private readonly record struct Entry(ShadowRecord Record, long SeenMillis);
}
