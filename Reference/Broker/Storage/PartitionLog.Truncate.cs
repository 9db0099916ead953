using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>Cutting the log at either end.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Drops all records from an offset on, durably; an offset inside a batch drops the whole batch. Nothing happens above the
    /// log's end, but for an epoch that began there without a record.
    /// </summary>
    /// <returns>The new end of the log.</returns>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask<long> TruncateTo(long offset)
    {
        if (offset < 0) throw new ArgumentOutOfRangeException(nameof(offset), offset, "Offsets are not negative.");
        await Enter();
        try
        {
            if (offset < _segments.First.BaseOffset) await _directory.Guard(Restart(offset));
            else if (offset < LogEndOffset) await _directory.Guard(CutAt(offset));
            else await _directory.Guard(Epochs.TruncateFromEnd(LogEndOffset));
            return LogEndOffset;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Drops all records; the next one has this offset.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask TruncateFullyAndStartAt(long offset)
    {
        if (offset < 0) throw new ArgumentOutOfRangeException(nameof(offset), offset, "Offsets are not negative.");
        await Enter();
        try
        {
            await _directory.Guard(Restart(offset));
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Moves the log's start up (DeleteRecords, or a follower's leader did): what is below may no longer be read. Lower offsets are ignored.</summary>
    /// <exception cref="OffsetOutOfRangeException">Above the high watermark.</exception>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask IncrementLogStartOffset(long offset)
    {
        await Enter();
        try
        {
            if (offset > HighWatermark) throw new OffsetOutOfRangeException($"The log of {Partition} cannot start at {offset}, above its high watermark {HighWatermark}.");
            if (offset <= LogStartOffset) return;
            LogStartOffset = offset;
            await _directory.Guard(Epochs.TruncateFromStart(offset));
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Gives up all records as a follower, durably: the log begins at its end from now on, which is also committed. Nothing happens if it ends elsewhere.</summary>
    /// <param name="end">Where the caller knows it to end.</param>
    /// <param name="leaderEpoch">The epoch in which the caller follows.</param>
    /// <exception cref="StaleAppendException">This replica does not follow in that epoch (any more).</exception>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask StartAtEnd(long end, int leaderEpoch)
    {
        await Enter();
        try
        {
            EnsureRole(leaderEpoch, leads: false);
            if (LogEndOffset != end || LogStartOffset == end) return;
            LogStartOffset = HighWatermark = end;
            await _directory.Guard(Epochs.TruncateFromStart(end));
            await _directory.CheckpointLogStartOffsets();
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Deletes the segments that retention no longer keeps; gives their number.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask<int> DeleteOldSegments()
    {
        await Enter();
        try
        {
            var count = _decisions.SegmentsToDelete(Facts(), Config, LogStartOffset, HighWatermark, _node.Clock.WallMillis);
            if (count > 0) await _directory.Guard(DeleteFirst(count));
            return count;
        }
        finally
        {
            _lock.Release();
        }
    }

    private async LoopTask CutAt(long offset)
    {
        var segment = _segments[_segments.FloorIndex(offset)];
        var cut = await segment.Find(offset, segment.Size);
        var end = cut is { } batch ? Math.Min(batch.BaseOffset, offset) : offset;
        _log.LogInformation("Truncating {Partition} from {Old} to {New}", Partition, LogEndOffset, end);
        await LowerEnd(end);
        while (_segments.Active != segment) await RemoveSegment(_segments.Active);
        _sealed.Remove(segment);
        if (cut is { } firstDropped) await segment.Truncate(firstDropped);
        await SyncNames(); // before new segments of the same names appear
        await Epochs.TruncateFromEnd(end);
    }

    private async LoopTask Restart(long offset)
    {
        _log.LogInformation("Truncating {Partition} fully to start at {Offset}", Partition, offset);
        await LowerEnd(Math.Min(offset, LogEndOffset));
        while (_segments.Count > 1) await RemoveSegment(_segments.Active);
        await RetireFiles(_segments.First); // its name may be the new one's
        await SyncNames();
        var fresh = await SegmentLoader.Create(_node, Path, offset, Config);
        _sealed.Clear();
        _segments.Remove(_segments.First);
        _segments.Add(fresh);
        LogStartOffset = LogEndOffset = HighWatermark = offset;
        await SyncNames();
        await Epochs.Clear();
    }

    /// <summary>Readers, and the recovery after a crash, must not trust what is about to be cut.</summary>
    private async LoopTask LowerEnd(long end)
    {
        _cuts++;
        TruncateTransactions(end);
        LogEndOffset = end;
        LogStartOffset = Math.Min(LogStartOffset, end);
        HighWatermark = Math.Min(HighWatermark, end);
        var isFlushedBeyond = RecoveryPoint > end;
        RecoveryPoint = Math.Min(RecoveryPoint, end); // before the first await: others write it down, too
        if (CleanedUpTo is { } cleaned && _decisions.CleanedAfterTruncation(cleaned, end) is var kept && kept != cleaned) await _directory.NoteCleaned(Partition, kept);
        if (isFlushedBeyond) await _directory.RecoveryPoints.Write(_directory.RecoveryPointsNow);
    }

    /// <summary>Oldest first, each durably gone before the next, so that a power loss brings back no log with a hole.</summary>
    private async LoopTask DeleteFirst(int count)
    {
        if (count == _segments.Count) await Roll(LogEndOffset);
        for (var i = 0; i < count; i++)
        {
            LogStartOffset = Math.Max(LogStartOffset, _segments[1].BaseOffset);
            await RemoveSegment(_segments.First);
            await SyncNames();
        }

        await Epochs.TruncateFromStart(LogStartOffset);
    }

    private LoopTask RemoveSegment(LogSegment segment)
    {
        _segments.Remove(segment);
        _sealed.Remove(segment);
        return RetireFiles(segment);
    }

    private async LoopTask RetireFiles(LogSegment segment)
    {
        foreach (var suffix in LogFiles.OfSegment)
        {
            var path = LogFiles.Path(Path, segment.BaseOffset, suffix);
            if (await _node.Disk.Exists(path)) await _node.Disk.Rename(path, path + LogFiles.Deleted);
        }

        _node.Spawn(DeleteLater(segment));
    }

    /// <summary>Readers that hold a slice get a while to send it.</summary>
    private async LoopTask DeleteLater(LogSegment segment)
    {
        await _node.Clock.Delay(TimeSpan.FromMilliseconds(Config.FileDeleteDelayMillis));
        segment.File.Close();
        try
        {
            foreach (var suffix in LogFiles.OfSegment)
                await _node.Disk.Delete(LogFiles.Path(Path, segment.BaseOffset, suffix) + LogFiles.Deleted);
        }
        catch (DiskException e)
        {
            _log.LogWarning("A deleted segment of {Partition} stays until the next start: {Message}", Partition, e.Message);
        }
    }

    private async LoopTask SyncNames()
    {
        var names = _nameChanges;
        await _node.Disk.SyncDirectory(Path);
        _syncedNameChanges = names;
    }

    private List<SegmentFacts> Facts()
    {
        var facts = new List<SegmentFacts>(_segments.Count);
        for (var i = 0; i < _segments.Count; i++)
        {
            var next = i + 1 < _segments.Count ? _segments[i + 1].BaseOffset : LogEndOffset;
            facts.Add(new SegmentFacts(_segments[i].BaseOffset, next, _segments[i].Size, _segments[i].LargestTimestamp));
        }

        return facts;
    }
}
