using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Reference.Wire.Records;
using Simulator.Engine.Disk;

namespace Scenarios.Observation;

/// <summary>Is shown each batch that a log is seen to hold.</summary>
public delegate void BatchSeen(RecordBatch batch);

/// <summary>
/// What stands in a replica's log, offset by offset, read from the simulated disk behind the broker's back. Where logs are compacted a
/// record is known by what is in it, else by its leader epoch and its batch's CRC, which replicas copy unchanged. Below the log's start
/// it knows nothing that counts.
/// </summary>
/// <param name="disk">The replica's disk.</param>
/// <param name="directories">Where the partition's directory may be on it: one for each of its broker's log directories.</param>
/// <param name="upkeep">Which holes it bears.</param>
/// <param name="seen">Sees each batch that is read; null for nobody.</param>
public sealed class ShadowLog(SimDisk disk, IReadOnlyList<string> directories, LogUpkeep upkeep = default, BatchSeen? seen = null)
{
    private const string Ending = ".log";
    private const string Swap = ".log.swap";
    private readonly List<ShadowRecord> _records = [];
    private readonly List<BatchPlace> _batches = [];
    private readonly SortedSet<long> _skipped = [];
    private Segment? _segment;
    private string _directory = directories[0];
    private int _position;
    private long _knownEnd;
    private int? _rewrites;

    /// <summary>The log of a partition whose directory can only be in one place.</summary>
    public ShadowLog(SimDisk disk, string directory, LogUpkeep upkeep = default, BatchSeen? seen = null)
        : this(disk, [directory], upkeep, seen)
    {
    }

    /// <summary>The first offset that was read.</summary>
    public long First { get; private set; }

    /// <summary>The log's start, as the broker says: what is below counts no longer.</summary>
    public long Start { get; private set; }

    /// <summary>The offset after the last record.</summary>
    public long End => First + _records.Count;

    /// <summary>The offset below which every record equals the committed log's, and every hole is one that compaction may have made.</summary>
    public long Matched { get; private set; }

    /// <summary>Set when the files on disk do not continue offset by offset.</summary>
    public string? Disorder { get; private set; }

    /// <summary>Counts how often it was read from its beginning.</summary>
    public int Readings { get; private set; }

    /// <summary>What stood there before the broker exchanged segments for compacted ones, since when nothing else was read anew; else null.</summary>
    public ShadowCopy? BeforeRewrite { get; private set; }

    /// <summary>What stands at an offset.</summary>
    public ShadowRecord At(long offset) => offset >= First && offset < End ? _records[(int)(offset - First)] : default;

    /// <summary>Which record stands at an offset; 0 for none.</summary>
    public ulong IdentityAt(long offset) => At(offset).Identity;

    /// <summary>Bytes of the batches that reach to an offset or beyond it.</summary>
    public long BytesFrom(long offset)
    {
        long bytes = 0;
        for (var i = _batches.Count - 1; i >= 0 && _batches[i].NextOffset > offset; i--) bytes += _batches[i].SizeInBytes;
        return bytes;
    }

    /// <summary>True if the replica never held what was committed at an offset: when it came by, its leader had compacted it away.</summary>
    public bool WasSkipped(long offset) => _skipped.Contains(offset);

    /// <summary>In which leader epoch the record at an offset was written, in a log that is not compacted.</summary>
    public int EpochAt(long offset) => At(offset).EpochOfBatch;

    /// <summary>The committed log has been cut: nothing beyond its end counts as equal.</summary>
    public void Unmatch(CommittedLog committed) => Matched = Math.Min(Matched, committed.End);

    /// <summary>Forgets everything; the next <see cref="Follow"/> reads the files anew. For restarts.</summary>
    public void Reset()
    {
        Forget();
        _rewrites = null;
        BeforeRewrite = null;
        Start = 0;
        Disorder = null;
    }

    /// <summary>Takes over what the broker says has changed.</summary>
    /// <param name="logEnd">Where its log ends now.</param>
    /// <param name="logStart">Where it begins.</param>
    /// <param name="rewrites">How many exchanges of segments for compacted ones its process has made.</param>
    public void Follow(long logEnd, long logStart = 0, int rewrites = 0)
    {
        Start = logStart;
        if (_rewrites is { } known && known != rewrites)
        {
            BeforeRewrite = new ShadowCopy(First, [.. _records]);
            Forget();
        }

        _rewrites = rewrites;
        if (logEnd < _knownEnd) Lower(logEnd);
        if (logStart == logEnd && (logStart > End || (logEnd < End && upkeep.MovesStart))) BeginAt(logStart); // what is still on the disk is about to go
        if (logEnd < End) CutTo(logEnd);
        if (logEnd > End) ReadOn(logEnd);
    }

    /// <summary>Compares on with the committed log.</summary>
    public void Match(CommittedLog committed)
    {
        while (Matched < End && Matched < committed.End && (Matched < Start || Agrees(committed, Matched))) Matched++;
    }

    private bool Agrees(CommittedLog committed, long offset) => At(offset) is { IsHeld: true } record
        ? record.Identity == committed.IdentityAt(offset)
        : upkeep.Compacts && committed.MayBeCompactedAway(offset);

    private void Forget()
    {
        Readings++;
        _records.Clear();
        _batches.Clear();
        _segment = null;
        _position = 0;
        First = 0;
        Matched = 0;
    }

    private void Lower(long end)
    {
        _knownEnd = end;
        _skipped.GetViewBetween(end, long.MaxValue).Clear();
    }

    private void BeginAt(long offset)
    {
        Forget();
        Lower(0);
        _knownEnd = First = offset;
    }

    private void CutTo(long logEnd)
    {
        if (logEnd < First)
        {
            BeginAt(logEnd);
            return;
        }

        var inHole = true;
        while (_batches.Count > 0 && _batches[^1].NextOffset > logEnd)
        {
            inHole = _batches[^1].BaseOffset >= logEnd;
            _batches.RemoveAt(_batches.Count - 1);
        }

        var keep = _batches.Count == 0 ? First : _batches[^1].NextOffset;
        _records.RemoveRange((int)(keep - First), (int)(End - keep));
        if (inHole) FillUpTo(logEnd);
        Matched = Math.Min(Matched, End);
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
            if (!IsBelow(batches.Current) && !(_segment.Overlaps && batches.Current.NextOffset <= End)) Append(batches.Current);
            _position += batches.Current.SizeInBytes;
        }

        return any;
    }

    // A log all of whose records are deleted goes on in the segment that holds them still.
    private bool IsBelow(RecordBatch batch) => _records.Count == 0 && batch.NextOffset <= First;

    private void Append(RecordBatch batch)
    {
        if (_records.Count == 0 && upkeep.MovesStart && First == 0) First = Math.Min(_segment!.BaseOffset, batch.BaseOffset);
        if (batch.BaseOffset != End && !(upkeep.Compacts && batch.BaseOffset > End))
        {
            Disorder ??= $"{_segment!.Path}: the batch at position {_position} begins at offset {batch.BaseOffset}, but {End} is next";
            return;
        }

        var end = End;
        if (upkeep.Compacts) AppendRecords(batch);
        else for (var offset = batch.BaseOffset; offset < batch.NextOffset; offset++) _records.Add(ShadowRecord.OfBatch(batch));
        seen?.Invoke(batch);
        NoteSkipped(Math.Max(end, _knownEnd));
        _batches.Add(new BatchPlace(batch.BaseOffset, batch.NextOffset, _segment!, _position + batch.SizeInBytes, batch.SizeInBytes));
    }

    private void AppendRecords(RecordBatch batch)
    {
        FillUpTo(batch.NextOffset);
        foreach (var record in batch.Records()) _records[(int)(record.Offset - First)] = ShadowRecord.Of(batch.PartitionLeaderEpoch, record);
    }

    private void FillUpTo(long end)
    {
        while (End < end) _records.Add(default);
    }

    // What is not there when a log first comes so far has never been there.
    private void NoteSkipped(long from)
    {
        for (var offset = from; upkeep.Compacts && offset < End; offset++)
        {
            if (!At(offset).IsHeld) _skipped.Add(offset);
        }

        _knownEnd = Math.Max(_knownEnd, End);
    }

    // While segments are exchanged the new one, already whole, waits under another ending for the old ones to go: it is read in their place.
    private bool NextSegment()
    {
        var after = _segment?.BaseOffset ?? -1;
        if (_segment is null && directories.Count > 1) _directory = directories.FirstOrDefault(d => disk.PeekNames(d).Count > 0) ?? directories[0];
        var next = disk.PeekNames(_directory)
            .Where(n => n.EndsWith(Ending, StringComparison.Ordinal) || n.EndsWith(Swap, StringComparison.Ordinal))
            .Select(n => (Name: n, Base: BaseOffsetOf(n)))
            .Where(s => s.Base > after)
            .OrderBy(s => s.Base).ThenByDescending(s => s.Name.Length)
            .FirstOrDefault();
        if (next.Name is null) return false;
        _segment = new Segment($"{_directory}/{next.Name}", next.Base, Overlaps: upkeep.Compacts && next.Base < End);
        _position = 0;
        return true;
    }

    private static long BaseOffsetOf(string name) => long.TryParse(name.AsSpan(0, name.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : -1;

    private readonly record struct BatchPlace(long BaseOffset, long NextOffset, Segment Segment, int EndPosition, int SizeInBytes);

    private sealed record Segment(string Path, long BaseOffset, bool Overlaps);
}

/// <summary>What stood in a log at an instant.</summary>
/// <param name="First">The offset of the first entry.</param>
/// <param name="Records">Records and holes, offset by offset.</param>
public sealed record ShadowCopy(long First, IReadOnlyList<ShadowRecord> Records)
{
    /// <summary>The offset after the last entry.</summary>
    public long End => First + Records.Count;

    /// <summary>What stood at an offset.</summary>
    public ShadowRecord At(long offset) => offset >= First && offset < End ? Records[(int)(offset - First)] : default;
}
