using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>What loading found in a partition's directory.</summary>
internal sealed record LoadedLog(SegmentList Segments, LeaderEpochCache Epochs, long LogStartOffset, long LogEndOffset, long RecoveryPoint);

/// <summary>
/// Loads the log of a partition's directory. After an orderly stop the files are believed; after a crash everything from the
/// segment of the recovery point on is read batch by batch, and the log ends before the first that is torn, damaged, out of order
/// or, between segments, missing.
/// </summary>
/// <remarks>
/// A gap between segments says by itself neither that records got lost nor that compaction took them. A crash can make one behind a
/// segment that looks sound: a roll waits for no sync, so a power loss may take whole batches from the end of one segment, or the name of
/// the next, and leave a later one. It cannot below what was flushed, nor where the offsets did not fit in the segment before, for there
/// a roll does wait. Elsewhere what follows the gap is set aside, not deleted.
/// </remarks>
internal sealed class LogLoader
{
    private readonly Node _node;
    private readonly ILogger _log;
    private readonly string _path;
    private readonly TopicPartition _partition;
    private readonly LogConfig _config;
    private readonly long _recoveryPoint;
    private readonly long _flushedUpTo;
    private readonly SegmentList _segments = new();
    private readonly List<SeenEpoch> _scannedEpochs = [];

    private LogLoader(LogDirectory directory, string path, TopicPartition partition, LogConfig config, long recoveryPoint)
    {
        _node = directory.Node;
        _log = _node.Logs.CreateLogger("storage");
        _path = path;
        _partition = partition;
        _config = config;
        _recoveryPoint = recoveryPoint;
        _flushedUpTo = Math.Max(recoveryPoint, directory.CleanedUpTo.GetValueOrDefault(partition));
    }

    /// <summary>Loads or makes a log.</summary>
    /// <param name="directory">The log directory.</param>
    /// <param name="partition">Whose log.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="decisions">The decisions handed on.</param>
    /// <param name="isClean">True after an orderly stop.</param>
    /// <param name="recoveryPoint">The checkpointed recovery point, 0 if there is none.</param>
    /// <param name="logStartOffset">The checkpointed log start, 0 if there is none.</param>
    /// <exception cref="CorruptLogException">What should be sound is not.</exception>
    /// <exception cref="LegacyFormatException">A segment holds messages of a format before record batches.</exception>
    /// <exception cref="CorruptCheckpointException">The leader epochs cannot be read.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask<PartitionLog> Load(
        LogDirectory directory, TopicPartition partition, LogConfig config, LogDecisions decisions, bool isClean, long recoveryPoint, long logStartOffset)
    {
        var path = $"{directory.Path}/{partition}";
        var loader = new LogLoader(directory, path, partition, config, recoveryPoint);
        var epochs = await LeaderEpochCache.Load(directory.Node.Disk, path, decisions);
        var loaded = await loader.Load(epochs, isClean, logStartOffset);
        return new PartitionLog(partition, directory, config, decisions, loaded);
    }

    private async LoopTask<LoadedLog> Load(LeaderEpochCache epochs, bool isClean, long logStartOffset)
    {
        var (bases, scanFrom) = await FindAndOpen(epochs.IsMissing, isClean);
        while (await SplitOverflown()) (bases, scanFrom) = await FindAndOpen(epochs.IsMissing, isClean);
        if (_segments.Count > 0 && _segments.Active.NextOffset < logStartOffset) await DropAll();
        if (_segments.Count == 0) _segments.Add(await SegmentLoader.Create(_node, _path, logStartOffset, _config));
        await TransactionScan.Complete(_segments.All);
        var start = Math.Max(logStartOffset, _segments.First.BaseOffset);
        var end = _segments.Active.NextOffset;
        if (!isClean) await MakeDurable(scanFrom < bases.Count ? bases[scanFrom] : 0);
        else if (_recoveryPoint < end) await SyncFound();
        await MendEpochs(epochs, scanFrom < bases.Count ? bases[scanFrom] : null, start, end);
        return new LoadedLog(_segments, epochs, start, end, end);
    }

    private async LoopTask<(List<long> Bases, int ScanFrom)> FindAndOpen(bool epochsMissing, bool isClean)
    {
        await SwapCompletion.Run(_node, _path);
        var bases = await FindSegments();
        var scanFrom = isClean ? bases.Count : epochsMissing ? 0 : IndexOfFloor(bases, _recoveryPoint);
        await OpenSegments(bases, scanFrom);
        return (bases, scanFrom);
    }

    /// <summary>Splits the segments whose offsets do not fit in an index; true if there were any: all is to be opened again then.</summary>
    private async LoopTask<bool> SplitOverflown()
    {
        var any = false;
        foreach (var segment in _segments.All)
        {
            if (segment.NextOffset - 1 - segment.BaseOffset <= int.MaxValue || !await SegmentSplit.Prepare(_node, _path, segment.BaseOffset)) continue;
            _log.LogWarning("{Path}: its offsets reach from {From} to {To}, further than an index can express; it is split", segment.File.Path, segment.BaseOffset, segment.NextOffset - 1);
            any = true;
        }

        if (any)
        {
            foreach (var segment in _segments.All) segment.File.Close();
            _segments.Clear();
            _scannedEpochs.Clear();
        }

        return any;
    }

    /// <summary>The base offsets of the segments, after clearing away what is no segment any more or an index without its log.</summary>
    private async LoopTask<List<long>> FindSegments()
    {
        var names = await _node.Disk.List(_path);
        var bases = new List<long>();
        foreach (var name in names)
        {
            if (LogFiles.BaseOffset(name, LogFiles.Log) is { } offset) bases.Add(offset);
        }

        bases.Sort();
        foreach (var name in names)
        {
            var index = LogFiles.BaseOffset(name, LogFiles.OffsetIndex) ?? LogFiles.BaseOffset(name, LogFiles.TimeIndex) ?? LogFiles.BaseOffset(name, LogFiles.TransactionIndex);
            if (IsLeftover(name) || (index is { } orphan && !bases.Contains(orphan))) await _node.Disk.Delete($"{_path}/{name}");
        }

        return bases;
    }

    private static bool IsLeftover(string name) =>
        name.EndsWith(LogFiles.Deleted, StringComparison.Ordinal) || name.EndsWith(LogFiles.Cleaned, StringComparison.Ordinal)
        || name.EndsWith(LogFiles.Swap, StringComparison.Ordinal) || name.EndsWith(LogFiles.Temporary, StringComparison.Ordinal);

    private async LoopTask OpenSegments(List<long> bases, int scanFrom)
    {
        for (var i = 0; i < bases.Count; i++)
        {
            if (i >= scanFrom)
            {
                if (i > scanFrom && await IsBehindLoss(bases[i]))
                {
                    await SetAside(bases, i);
                    return;
                }

                if (await RecoverSegment(bases[i])) continue;
                await Drop(bases, i + 1);
                return;
            }

            _segments.Add(i + 1 < bases.Count
                ? await SegmentLoader.OpenSealed(_node, _path, bases[i], bases[i + 1], _config)
                : await SegmentLoader.OpenActive(_node, _path, bases[i], _config));
        }
    }

    /// <summary>True if a segment does not follow the last one, and nothing but a loss need explain that.</summary>
    private async LoopTask<bool> IsBehindLoss(long baseOffset)
    {
        var end = _segments.Active.NextOffset;
        if (baseOffset == end || (baseOffset > end && baseOffset <= _flushedUpTo)) return false;
        return baseOffset < end || !await BeginsBeyond(baseOffset, end);
    }

    /// <summary>Recovers a segment; false if the log ends in it.</summary>
    private async LoopTask<bool> RecoverSegment(long baseOffset)
    {
        var recovery = await SegmentLoader.Recover(_node, _path, baseOffset, _config);
        _segments.Add(recovery.Segment);
        foreach (var epoch in recovery.Epochs) SeenEpoch.Note(_scannedEpochs, epoch);

        if (recovery.Problem is null) return true;
        _log.LogWarning("{Path}: cut {Bytes} bytes behind offset {Offset}: {Problem}", recovery.Segment.File.Path, recovery.CutBytes, recovery.Segment.NextOffset, recovery.Problem);
        TellLoss(recovery.Problem);
        return false;
    }

    /// <summary>A crash takes what was not flushed; what had been is gone for another reason, and this replica may still count as in sync with it.</summary>
    private void TellLoss(string problem)
    {
        var end = _segments.Active.NextOffset;
        if (end >= _recoveryPoint) return;
        _log.LogError(
            "{Partition}: the records from offset {End} on are lost here though those below the recovery point {RecoveryPoint} had been flushed: {Problem} Look after the disk; if another replica has the records, stop this broker and move {Path} away before it leads",
            _partition,
            end,
            _recoveryPoint,
            problem,
            _path);
    }

    /// <summary>
    /// True if a segment's first batch could not have stood in one that begins where the last ends: the leader's log has a gap of 2^31
    /// offsets there. Compaction may have taken the batch at which the segment began.
    /// </summary>
    private async LoopTask<bool> BeginsBeyond(long baseOffset, long end)
    {
        var file = await _node.Disk.Open(LogFiles.Path(_path, baseOffset, LogFiles.Log), OpenMode.OpenExisting);
        var scanner = new BatchScanner(file, 0, (int)Math.Min(file.Length, int.MaxValue));
        var begins = await scanner.MoveNext() && scanner.Current.LastOffset - end > int.MaxValue;
        file.Close();
        return begins;
    }

    /// <summary>Takes segments out of the log, but keeps their batches: if compaction left the gap before them, or a hand, they are sound.</summary>
    private async LoopTask SetAside(List<long> bases, int from)
    {
        var end = _segments.Active.NextOffset;
        _log.LogError(
            "{Path}: the segment of offset {Base} does not follow offset {End}, and nothing shows that all between had been flushed; it and those behind it are set aside with the suffix {Suffix}, and the log ends there. Delete them once no record is missed",
            _path,
            bases[from],
            end,
            LogFiles.SetAside);
        TellLoss("a segment is missing.");
        for (var i = bases.Count - 1; i >= from; i--)
        {
            var path = LogFiles.Path(_path, bases[i], LogFiles.Log);
            await _node.Disk.Rename(path, path + LogFiles.SetAside);
            await DeleteFiles(bases[i]);
        }
    }

    private async LoopTask Drop(List<long> bases, int from)
    {
        for (var i = bases.Count - 1; i >= from; i--) await DeleteFiles(bases[i]);
    }

    /// <summary>Records were deleted up to beyond the log's end, which a crash then pulled back: nothing readable is left.</summary>
    private async LoopTask DropAll()
    {
        while (_segments.Count > 0)
        {
            var segment = _segments.Active;
            _segments.Remove(segment);
            segment.File.Close();
            await DeleteFiles(segment.BaseOffset);
        }

        await _node.Disk.SyncDirectory(_path);
    }

    private async LoopTask DeleteFiles(long baseOffset)
    {
        foreach (var suffix in LogFiles.OfSegment) await _node.Disk.Delete(LogFiles.Path(_path, baseOffset, suffix));
    }

    /// <summary>What was recovered may stand in the page cache only; the recovery point may pass it when it is on the device.</summary>
    private async LoopTask MakeDurable(long scannedFrom)
    {
        await KeepTransactions();
        foreach (var segment in _segments.All)
        {
            if (segment.BaseOffset >= scannedFrom) await segment.WriteAgain(_recoveryPoint);
            if (segment != _segments.Active) segment.Seal();
            await segment.Flush(withIndexes: segment != _segments.Active);
        }

        await _node.Disk.SyncDirectory(_path);
    }

    /// <summary>
    /// A log that is believed but lies above its recovery point was copied here, or the checkpoint was deleted: once it is on the device the
    /// recovery point passes it, and with it the gaps of a compaction done elsewhere.
    /// </summary>
    private async LoopTask SyncFound()
    {
        foreach (var segment in _segments.All)
        {
            if (segment.NextOffset > _recoveryPoint) await segment.File.Sync();
        }

        await _node.Disk.SyncDirectory(_path);
    }

    /// <summary>A transaction index that is missing beside the other two counts as empty, so it must be on the device before them.</summary>
    private async LoopTask KeepTransactions()
    {
        var any = false;
        foreach (var segment in _segments.All)
        {
            if (segment == _segments.Active || segment.Transactions.Count == 0) continue;
            await segment.Transactions.File.Flush();
            any = true;
        }

        if (any) await _node.Disk.SyncDirectory(_path);
    }

    private async LoopTask MendEpochs(LeaderEpochCache epochs, long? scannedFrom, long start, long end)
    {
        if (scannedFrom is { } from) await epochs.Reconcile(from, _scannedEpochs);
        else if (epochs.IsMissing && end > start) await epochs.Reconcile(0, (await ScanEpochs(end)).Seen);
        await RecallEpochs(epochs, start);
        await epochs.TruncateFromStart(start);
        await epochs.TruncateFromEnd(end);
    }

    /// <summary>
    /// A crash may have taken back the log's start, which is written down now and then, but not the epochs, which had forgotten at once
    /// what lay below it. Without them a follower would be told that it agrees with records that it has never seen.
    /// </summary>
    private async LoopTask RecallEpochs(LeaderEpochCache epochs, long start)
    {
        if (epochs.Entries.Count == 0 || epochs.Entries[0].Offset <= start) return;
        var (seen, end) = await ScanEpochs(epochs.Entries[0].Offset);
        if (seen.Count > 0) await epochs.Recall(seen, end);
    }

    /// <summary>The epochs of the batches below an offset, and where those end. No batch above it has a say: compaction may have taken all of an epoch that only the checkpoint knows.</summary>
    private async LoopTask<(List<SeenEpoch> Seen, long End)> ScanEpochs(long below)
    {
        var (seen, end) = (new List<SeenEpoch>(), _segments.First.BaseOffset);
        foreach (var segment in _segments.All)
        {
            if (segment.BaseOffset >= below) break;
            var scanner = new BatchScanner(segment.File, 0, segment.Size);
            while (await scanner.MoveNext())
            {
                var batch = scanner.Current;
                if (batch.BaseOffset >= below) return (seen, end);
                SeenEpoch.Note(seen, new SeenEpoch(batch.LeaderEpoch, end, batch.BaseOffset));
                end = batch.LastOffset + 1;
            }
        }

        return (seen, end);
    }

    private static int IndexOfFloor(List<long> bases, long offset)
    {
        var index = 0;
        while (index + 1 < bases.Count && bases[index + 1] <= offset) index++;
        return index;
    }
}
