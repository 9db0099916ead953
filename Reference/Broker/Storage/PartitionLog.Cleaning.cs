using System;
using System.Collections.Generic;
using Reference.Broker.Storage.Cleaning;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>What the cleaner needs: facts, and the exchange of segments for a compacted one.</content>
public sealed partial class PartitionLog
{
    /// <summary>Counts truncations: what was read before one may be gone.</summary>
    public int Cuts => _cuts;

    /// <summary>Counts exchanges of segments for compacted ones since the log was loaded; for inspection.</summary>
    public int Rewrites { get; private set; }

    /// <summary>Why the log could not be compacted, as one sentence; null if nothing is known against it.</summary>
    internal string? Uncleanable { get; set; }

    /// <summary>Who compacts it.</summary>
    internal CleaningTurn CleaningTurn { get; } = new();

    /// <summary>Up to where the log is compacted; null if it never was.</summary>
    public long? CleanedUpTo => _directory.CleanedUpTo.TryGetValue(Partition, out var offset) ? offset : null;

    /// <summary>What decides which part of the log is compacted.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    internal async LoopTask<CleaningFacts> CleaningFacts()
    {
        EnsureUsable();
        var segments = new List<LogSegment>(_segments.All);
        if (Config.MaxCompactionLagMillis < long.MaxValue)
        {
            foreach (var segment in segments) await _directory.Guard(segment.ReadFirstTimestamp());
        }

        return new CleaningFacts(segments.ConvertAll(FactsOf), LogStartOffset, HighWatermark, CleanedUpTo, _node.Clock.WallMillis);
    }

    /// <summary>A segment as the cleaner sees it.</summary>
    internal CleaningSegment FactsOf(LogSegment segment) => new(
        segment.BaseOffset,
        segment.NextOffset,
        segment.Size,
        Math.Max(segment.Offsets.Count * OffsetIndex.EntrySize, segment.Times.Count * TimeIndex.EntrySize),
        segment.FirstTimestamp,
        segment.LargestTimestamp);

    /// <summary>Goes on only while what a compaction has read still stands, and the log is not about to be closed.</summary>
    /// <exception cref="CleaningAbortedException">It does not.</exception>
    internal void EnsureCleanable(int cuts)
    {
        if (_cuts != cuts || CleaningTurn.IsBarred) throw new CleaningAbortedException();
    }

    /// <summary>An empty segment for <see cref="Replace"/>.</summary>
    /// <exception cref="CleaningAbortedException">The log was cut since <paramref name="cuts"/> was read, or is about to be closed.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    internal async LoopTask<LogSegment> CreateCleaned(long baseOffset, LogConfig config, int cuts)
    {
        await Enter(); // its directory must not go meanwhile
        try
        {
            EnsureCleanable(cuts);
            return await SegmentLoader.CreateCleaned(_node, Path, baseOffset, config);
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// Puts a compacted segment, whose file ends in <c>.cleaned</c>, in the place of neighbouring segments; crash-safe: the rename to
    /// <c>.swap</c> is the moment from which a start finishes the exchange (<see cref="SwapCompletion"/>), before it undoes it.
    /// </summary>
    /// <returns>False if the log was cut since <paramref name="cuts"/> was read, or segments were deleted: nothing has changed.</returns>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    internal async LoopTask<bool> Replace(IReadOnlyList<LogSegment> old, LogSegment cleaned, int cuts)
    {
        EnsureUsable();
        await _directory.Guard(cleaned.Flush(withIndexes: false)); // the bulk of the waiting, while appends and flushes go on
        await Enter();
        try
        {
            if (_cuts != cuts || !_segments.HasSealed(old)) return false;
            await _flushing.Acquire(); // a flush would write the old indexes under names that are the new ones'
            try
            {
                await _directory.Guard(Swap(old, cleaned));
            }
            finally
            {
                _flushing.Release();
            }

            return true;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// Notes up to where the log is compacted, durably; ignored if it was cut since <paramref name="cuts"/> was read. All up to there is
    /// flushed before: a recovery takes gaps below for compaction's.
    /// </summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    internal async LoopTask NoteCleaned(long offset, int cuts)
    {
        await Enter();
        try
        {
            if (_cuts != cuts) return;
            if (RecoveryPoint < offset) await _directory.Guard(FlushUpTo(LogEndOffset, withActiveIndexes: false));
            await _directory.NoteCleaned(Partition, offset);
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// The order matters: the file is durable before; from the first rename on a start finishes the exchange and makes the indexes anew; from the second on it believes
    /// the indexes, so they are durable before it.
    /// </summary>
    private async LoopTask Swap(IReadOnlyList<LogSegment> old, LogSegment cleaned)
    {
        var path = LogFiles.Path(Path, cleaned.BaseOffset, LogFiles.Log);
        await DeleteOtherCleaned(path + LogFiles.Cleaned);
        await _node.Disk.Rename(path + LogFiles.Cleaned, path + LogFiles.Swap);
        await _node.Disk.SyncDirectory(Path);
        foreach (var segment in old)
        {
            _sealed.Remove(segment);
            await RetireFiles(segment);
        }

        await _node.Disk.SyncDirectory(Path);
        await cleaned.Flush(withIndexes: true);
        await _node.Disk.SyncDirectory(Path);
        await _node.Disk.Rename(path + LogFiles.Swap, path);
        _segments.Replace(old, cleaned);
        Rewrites++;
        await SyncNames();
    }

    /// <summary>Deletes durably what an earlier compaction could not: a start would take it for an unfinished split, and this exchange for part of it.</summary>
    private async LoopTask DeleteOtherCleaned(string own)
    {
        var any = false;
        foreach (var name in await _node.Disk.List(Path))
        {
            var path = $"{Path}/{name}";
            if (!name.EndsWith(LogFiles.Cleaned, StringComparison.Ordinal) || path == own) continue;
            await _node.Disk.Delete(path);
            any = true;
        }

        if (any) await _node.Disk.SyncDirectory(Path);
    }
}
