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
        if (config.Preallocate) await segment.File.SetLength(config.SegmentBytes);
        return segment;
    }

    /// <summary>An empty segment that is to replace others: its file ends in <c>.cleaned</c>, its indexes get their names when it is flushed with them.</summary>
    public static async LoopTask<LogSegment> CreateCleaned(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config, LogFiles.Log + LogFiles.Cleaned);
        if (segment.File.Length > 0) await segment.File.SetLength(0);
        segment.Reset();
        return segment;
    }

    /// <summary>Opens a segment that was flushed whole and is not the last: its end is where the next one begins.</summary>
    public static async LoopTask<LogSegment> OpenSealed(Node node, string directory, long baseOffset, long nextBaseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        await LegacyMessages.Refuse(segment.File, 0);
        await LoadIndexes(segment, nextBaseOffset);
        segment.Restore(SizeOf(segment), nextBaseOffset);
        segment.MarkDurable();
        return segment;
    }

    /// <summary>Opens the last segment of a log that was closed in order.</summary>
    /// <exception cref="CorruptLogException">It does not end with a whole batch.</exception>
    /// <exception cref="LegacyFormatException">It holds messages of a format before record batches.</exception>
    public static async LoopTask<LogSegment> OpenActive(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        await LoadIndexes(segment, long.MaxValue);
        var start = segment.Offsets.LastPosition;
        var end = SizeOf(segment);
        segment.Restore(start, baseOffset);
        var scanner = new BatchScanner(segment.File, start, end);
        while (await scanner.MoveNext()) segment.Admit(scanner.Current);
        if (scanner.Problem is { } problem) throw await Damage(segment.File, scanner.Position, problem);
        segment.MarkDurable();
        var first = new BatchScanner(segment.File, 0, end);
        if (await first.MoveNext()) segment.FirstTimestamp = first.Current.MaxTimestamp;
        return segment;
    }

    /// <summary>
    /// Opens a segment that a crash may have left in any state: keeps the batches up to the first that is not whole, sound and in
    /// order, cuts the rest and rebuilds the indexes.
    /// </summary>
    /// <exception cref="LegacyFormatException">It holds messages of a format before record batches, which nothing cuts.</exception>
    public static async LoopTask<SegmentRecovery> Recover(Node node, string directory, long baseOffset, LogConfig config)
    {
        var segment = await OpenFile(node, directory, baseOffset, config);
        segment.Reset();
        var length = (int)Math.Min(segment.File.Length, int.MaxValue);
        var scanner = new BatchScanner(segment.File, 0, length);
        var epochs = new List<SeenEpoch>();
        string? problem = null;
        while (problem is null && await scanner.MoveNextWhole())
        {
            var batch = scanner.Current;
            problem = Judge(segment, batch, scanner.Bytes.Span);
            if (problem is not null) break;
            SeenEpoch.Note(epochs, new SeenEpoch(batch.LeaderEpoch, segment.NextOffset, batch.BaseOffset));
            segment.Admit(batch);
            segment.LacksTransactions |= batch is { IsControl: true, IsTransactional: true };
        }

        problem ??= scanner.Problem;
        if (problem is not null) await LegacyMessages.Refuse(segment.File, segment.Size);
        var cut = segment.File.Length - segment.Size;
        if (cut > 0) await segment.File.SetLength(segment.Size);
        return new SegmentRecovery(segment, cut, problem, epochs);
    }

    private static async LoopTask<CorruptLogException> Damage(IFile file, int position, string problem)
    {
        await LegacyMessages.Refuse(file, position);
        return new CorruptLogException(file.Path, position, problem);
    }

    private static string? Judge(LogSegment segment, BatchHeader batch, ReadOnlySpan<byte> bytes)
    {
        if (batch.BaseOffset < segment.NextOffset) return $"a batch begins at offset {batch.BaseOffset}, below {segment.NextOffset}.";
        var verdict = RecordBatchValidator.ValidateEnvelope(bytes);
        return verdict.IsSound ? null : verdict.Detail;
    }

    private static async LoopTask<LogSegment> OpenFile(Node node, string directory, long baseOffset, LogConfig config, string suffix = LogFiles.Log)
    {
        var file = await node.Disk.Open(LogFiles.Path(directory, baseOffset, suffix), OpenMode.OpenOrCreate);
        var offsets = new OffsetIndex(node.Disk, LogFiles.Path(directory, baseOffset, LogFiles.OffsetIndex), baseOffset);
        var times = new TimeIndex(node.Disk, LogFiles.Path(directory, baseOffset, LogFiles.TimeIndex), baseOffset);
        var transactions = new TransactionIndex(node.Disk, LogFiles.Path(directory, baseOffset, LogFiles.TransactionIndex));
        var jitter = RollDecision.MaxJitter(config);
        return new LogSegment(file, baseOffset, offsets, times, transactions, config.IndexIntervalBytes, node.Clock.WallMillis)
        {
            RollJitterMillis = jitter > 0 ? node.Random.Stream("segment-jitter").NextInt64(0, jitter) : 0,
        };
    }

    /// <summary>Bytes of a segment that is believed; positions in it have 4 bytes.</summary>
    private static int SizeOf(LogSegment segment) => segment.File.Length <= int.MaxValue
        ? (int)segment.File.Length
        : throw new CorruptLogException(segment.File.Path, int.MaxValue, $"a segment of {segment.File.Length} bytes is longer than any can be.");

    private static async LoopTask LoadIndexes(LogSegment segment, long nextOffset)
    {
        var size = SizeOf(segment);
        if (!await segment.Transactions.File.Load() || segment.Transactions.Implausible(segment.BaseOffset, nextOffset) is not null)
        {
            segment.Transactions.File.Reset();
            segment.LacksTransactions = true;
        }

        var loaded = await segment.Offsets.File.Load() && await segment.Times.File.Load();
        if (loaded && segment.Offsets.Implausible(size) is null && segment.Times.Implausible() is null && await KnowsNewest(segment, size)) return;
        await RebuildIndexes(segment, size);
    }

    /// <summary>
    /// Whether the last entry of a time index is the segment's newest record, as it was when the segment took no more appends: it names a batch
    /// of its timestamp, and neither up to there nor behind the last entry of the offset index is a newer one. Retention and lookups skip a
    /// segment on its word. Batches that cannot be read say nothing against it.
    /// </summary>
    private static async LoopTask<bool> KnowsNewest(LogSegment segment, int size)
    {
        if (size == 0 || segment.Times.Count == 0) return size == 0 && segment.Times.Count == 0;
        var (timestamp, offset) = segment.Times.Last;
        var start = segment.Offsets.Lookup(offset);
        var (scanner, isFound) = (new BatchScanner(segment.File, start, size), false);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (batch.MaxTimestamp > timestamp) return false;
            if (isFound || batch.LastOffset < offset) continue;
            if (batch.BaseOffset > offset || batch.MaxTimestamp != timestamp) return false;
            isFound = true;
            if (start < segment.Offsets.LastPosition) scanner = new BatchScanner(segment.File, segment.Offsets.LastPosition, size);
        }

        return isFound || scanner.Problem is not null;
    }

    private static async LoopTask RebuildIndexes(LogSegment segment, int size)
    {
        segment.Reset();
        segment.LacksTransactions = true;
        var scanner = new BatchScanner(segment.File, 0, size);
        while (await scanner.MoveNext()) segment.Admit(scanner.Current);
        if (scanner.Problem is { } problem) throw await Damage(segment.File, scanner.Position, problem);
        segment.Seal();
    }
}

/// <summary>What recovery made of a segment.</summary>
/// <param name="Segment">The segment with what was kept.</param>
/// <param name="CutBytes">Bytes dropped at its end.</param>
/// <param name="Problem">Why they were dropped, as one sentence; null if nothing was.</param>
/// <param name="Epochs">The leader epochs of the batches kept.</param>
internal sealed record SegmentRecovery(LogSegment Segment, long CutBytes, string? Problem, IReadOnlyList<SeenEpoch> Epochs);
