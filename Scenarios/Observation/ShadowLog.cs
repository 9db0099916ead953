using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Wire.Records;
using Simulator.Engine.Disk;

namespace Scenarios.Observation;

/// <summary>
/// What stands in a replica's log, offset by offset, read from the simulated disk behind the broker's back. A record is known by
/// its leader epoch and its batch's CRC, which replicas copy unchanged. Speaks of logs that begin at offset 0.
/// </summary>
public sealed class ShadowLog(SimDisk disk, string directory)
{
    private readonly List<ulong> _identities = [];
    private readonly List<BatchPlace> _batches = [];
    private Segment? _segment;
    private int _position;

    /// <summary>The offset after the last record.</summary>
    public long End => _identities.Count;

    /// <summary>Number of leading records that equal the committed log's.</summary>
    public long Matched { get; private set; }

    /// <summary>Set when the files on disk do not continue offset by offset.</summary>
    public string? Disorder { get; private set; }

    /// <summary>Which record stands at an offset.</summary>
    public ulong IdentityAt(long offset) => _identities[(int)offset];

    /// <summary>Forgets everything; the next <see cref="Follow"/> reads the files anew. For restarts.</summary>
    public void Reset()
    {
        _identities.Clear();
        _batches.Clear();
        _segment = null;
        _position = 0;
        Matched = 0;
        Disorder = null;
    }

    /// <summary>Takes over what the broker says has changed: its log now ends at <paramref name="logEnd"/>.</summary>
    public void Follow(long logEnd)
    {
        if (logEnd < End) CutTo(logEnd);
        if (logEnd > End) ReadOn(logEnd);
    }

    /// <summary>Compares on with the committed log.</summary>
    public void Match(CommittedLog committed)
    {
        while (Matched < End && Matched < committed.End && IdentityAt(Matched) == committed.IdentityAt(Matched)) Matched++;
    }

    private void CutTo(long logEnd)
    {
        while (_batches.Count > 0 && _batches[^1].NextOffset > logEnd) _batches.RemoveAt(_batches.Count - 1);
        var keep = _batches.Count == 0 ? 0 : _batches[^1].NextOffset;
        _identities.RemoveRange((int)keep, _identities.Count - (int)keep);
        Matched = Math.Min(Matched, keep);
        (_segment, _position) = _batches.Count == 0 ? (null, 0) : (_batches[^1].Segment, _batches[^1].EndPosition);
    }

    private void ReadOn(long logEnd)
    {
        while (End < logEnd && Disorder is null)
        {
            if (!ReadSegment(logEnd) && !NextSegment()) return;
        }
    }

    private bool ReadSegment(long logEnd)
    {
        if (_segment is null) return false;
        var bytes = disk.Peek(_segment.Path);
        if (_position >= bytes.Length) return false;
        var batches = new RecordBatches(bytes[_position..]);
        var any = false;
        while (End < logEnd && batches.MoveNext())
        {
            any = true;
            Append(batches.Current);
        }

        return any;
    }

    private void Append(RecordBatch batch)
    {
        if (batch.BaseOffset != End)
        {
            Disorder = $"{_segment!.Path}: the batch at position {_position} begins at offset {batch.BaseOffset}, but {End} is next";
            return;
        }

        var identity = ((ulong)(uint)batch.PartitionLeaderEpoch << 32) | batch.Crc;
        for (var offset = batch.BaseOffset; offset < batch.NextOffset; offset++) _identities.Add(identity);
        _position += batch.SizeInBytes;
        _batches.Add(new BatchPlace(batch.NextOffset, _segment!, _position));
    }

    private bool NextSegment()
    {
        var next = disk.PeekNames(directory)
            .Where(n => n.EndsWith(".log", StringComparison.Ordinal) && (_segment is null || string.CompareOrdinal(n, _segment.Name) > 0))
            .FirstOrDefault();
        if (next is null) return false;
        _segment = new Segment(next, $"{directory}/{next}");
        _position = 0;
        return true;
    }

    private readonly record struct BatchPlace(long NextOffset, Segment Segment, int EndPosition);

    private sealed record Segment(string Name, string Path);
}
