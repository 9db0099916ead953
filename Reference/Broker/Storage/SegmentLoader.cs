using System;
using System.Collections.Generic;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Makes, opens and recovers segments.</summary>
internal static class SegmentLoader
{
    /// <summary>An empty segment; a leftover file of that name is emptied.</summary>
    public static async LoopTask<LogSegment> Create(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        if (segment.File.Length > 0) await segment.File.SetLength(0);
        segment.Reset();
        return segment;
    }

    /// <summary>Opens a segment that was flushed whole and is not the last: its end is where the next one begins.</summary>
    public static async LoopTask<LogSegment> OpenSealed(Node node, string directory, long baseOffset, long nextBaseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        await LoadIndexes(segment);
        segment.Restore((int)segment.File.Length, nextBaseOffset);
        segment.MarkDurable();
        return segment;
    }

    /// <summary>Opens the last segment of a log that was closed in order.</summary>
    /// <exception cref="CorruptLogException">It does not end with a whole batch.</exception>
    public static async LoopTask<LogSegment> OpenActive(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        await LoadIndexes(segment);
        var start = segment.Offsets.LastPosition;
        var end = (int)segment.File.Length;
        segment.Restore(start, baseOffset);
        var scanner = new BatchScanner(segment.File, start, end);
        while (await scanner.MoveNext()) segment.Admit(scanner.Current);
        if (scanner.Problem is { } problem) throw new CorruptLogException(segment.File.Path, scanner.Position, problem);
        segment.MarkDurable();
        var first = new BatchScanner(segment.File, 0, end);
        if (await first.MoveNext()) segment.FirstTimestamp = first.Current.MaxTimestamp;
        return segment;
    }

    /// <summary>
    /// Opens a segment that a crash may have left in any state: keeps the batches up to the first that is not whole, sound and in
    /// order, cuts the rest and rebuilds the indexes.
    /// </summary>
    public static async LoopTask<SegmentRecovery> Recover(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        segment.Reset();
        var length = (int)Math.Min(segment.File.Length, int.MaxValue);
        var scanner = new BatchScanner(segment.File, 0, length);
        var epochs = new List<EpochEntry>();
        string? problem = null;
        while (problem is null && await scanner.MoveNextWhole())
        {
            var batch = scanner.Current;
            problem = Judge(segment, batch, scanner.Bytes.Span);
            if (problem is not null) break;
            if (batch.LeaderEpoch >= 0 && (epochs.Count == 0 || epochs[^1].Epoch < batch.LeaderEpoch)) epochs.Add(new EpochEntry(batch.LeaderEpoch, batch.BaseOffset));
            segment.Admit(batch);
        }

        var cut = segment.File.Length - segment.Size;
        if (cut > 0) await segment.File.SetLength(segment.Size);
        return new SegmentRecovery(segment, cut, problem ?? scanner.Problem, epochs);
    }

    private static string? Judge(LogSegment segment, BatchHeader batch, ReadOnlySpan<byte> bytes)
    {
        if (batch.BaseOffset < segment.NextOffset) return $"a batch begins at offset {batch.BaseOffset}, below {segment.NextOffset}.";
        var verdict = RecordBatchValidator.ValidateEnvelope(bytes);
        return verdict.IsSound ? null : verdict.Detail;
    }

    private static async LoopTask<LogSegment> OpenFile(Node node, string directory, long baseOffset, LogConfig config)
    {
        var file = await node.Disk.Open(LogFiles.Path(directory, baseOffset, LogFiles.Log), OpenMode.OpenOrCreate);
        var offsets = new OffsetIndex(node.Disk, LogFiles.Path(directory, baseOffset, LogFiles.OffsetIndex), baseOffset);
        var times = new TimeIndex(node.Disk, LogFiles.Path(directory, baseOffset, LogFiles.TimeIndex), baseOffset);
        return new LogSegment(file, baseOffset, offsets, times, config.IndexIntervalBytes, node.Clock.WallMillis);
    }

    private static async LoopTask LoadIndexes(LogSegment segment)
    {
        var loaded = await segment.Offsets.File.Load() && await segment.Times.File.Load();
        var size = (int)segment.File.Length;
        if (loaded && segment.Offsets.Implausible(size) is null && segment.Times.Implausible() is null) return;
        await RebuildIndexes(segment, size);
    }

    private static async LoopTask RebuildIndexes(LogSegment segment, int size)
    {
        segment.Reset();
        var scanner = new BatchScanner(segment.File, 0, size);
        while (await scanner.MoveNext()) segment.Admit(scanner.Current);
        if (scanner.Problem is { } problem) throw new CorruptLogException(segment.File.Path, scanner.Position, problem);
        segment.Seal();
    }
}

/// <summary>What recovery made of a segment.</summary>
/// <param name="Segment">The segment with what was kept.</param>
/// <param name="CutBytes">Bytes dropped at its end.</param>
/// <param name="Problem">Why they were dropped, as one sentence; null if nothing was.</param>
/// <param name="Epochs">The leader epochs of the batches kept, each with its first offset.</param>
internal sealed record SegmentRecovery(LogSegment Segment, long CutBytes, string? Problem, IReadOnlyList<EpochEntry> Epochs);
