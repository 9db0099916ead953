using System;
using System.Collections.Generic;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>
/// One compaction of one log: notes the latest offset of each key of the dirty part, then writes all segments up to its end anew, group
/// by group, without the records that a later one of their key supersedes and without tombstones whose time is over.
/// </summary>
/// <remarks>
/// What stays beyond that: control batches and batches of transactions (their fate is decided by markers, not by keys), the last batch of
/// each producer (its sequence numbers, KAFKA-5490) and the last batch of each group, without its records if need be, so that segments go
/// on where the one before ends. Runs beside appends; <see cref="PartitionLog.Replace"/> refuses its result if the log was cut meanwhile.
/// </remarks>
internal sealed class LogCompaction(Node node, PartitionLog log, LogCleanerOptions options, Throttler throttler)
{
    private readonly int _cuts = log.Cuts;
    private readonly LogConfig _config = log.Config;
    private readonly SortedDictionary<long, long> _lastOfProducer = [];

    /// <summary>Compacts.</summary>
    /// <returns>The offset up to which the log is compacted now.</returns>
    /// <exception cref="CleaningAbortedException">The log was cut meanwhile.</exception>
    /// <exception cref="UncleanableLogException">The offset map does not hold the keys of a single batch.</exception>
    /// <exception cref="CorruptLogException">A segment is damaged.</exception>
    /// <exception cref="Reference.Wire.WireException">A batch cannot be read.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask<long> Run(CleanableRange range)
    {
        var map = new OffsetMap(
            OffsetMap.CapacityOf(options.DedupeBufferBytes / options.Threads, options.LoadFactor, range.FirstUncleanable - range.FirstDirty),
            options.LoadFactor);
        var end = await Fill(map, range);
        var segments = new List<LogSegment>();
        foreach (var segment in log.Segments)
        {
            if (segment.BaseOffset < end && segment.BaseOffset < range.FirstUncleanable) segments.Add(segment);
        }

        await NoteProducers(segments);
        var from = 0;
        foreach (var count in CleaningDecision.Groups(segments.ConvertAll(log.FactsOf), _config))
        {
            await Rewrite(segments.GetRange(from, count), map, end);
            from += count;
        }

        return end;
    }

    /// <summary>Fills the map as far as it goes; gives the offset up to which it knows all keys.</summary>
    private async LoopTask<long> Fill(OffsetMap map, CleanableRange range)
    {
        var end = range.FirstDirty;
        foreach (var segment in new List<LogSegment>(log.Segments))
        {
            if (segment.NextOffset <= range.FirstDirty || segment.BaseOffset >= range.FirstUncleanable) continue;
            var scanner = new BatchScanner(segment.File, 0, segment.Size);
            while (await scanner.MoveNextWhole())
            {
                if (!Note(map, scanner.Bytes.Span, range.FirstDirty))
                {
                    return end > range.FirstDirty
                        ? end
                        : throw new UncleanableLogException($"One batch of {log.Partition} has more keys than fit in log.cleaner.dedupe.buffer.size ({options.DedupeBufferBytes} bytes): raise it.");
                }

                end = Math.Max(end, scanner.Current.LastOffset + 1);
                await throttler.Done(scanner.Current.SizeInBytes);
            }

            EnsureWhole(segment, scanner);
            end = Math.Max(end, Math.Min(segment.NextOffset, range.FirstUncleanable));
        }

        return end;
    }

    private static bool Note(OffsetMap map, ReadOnlySpan<byte> bytes, long from)
    {
        var batch = new RecordBatch(bytes);
        if (batch.IsControl || batch.IsTransactional || batch.RecordCount == 0) return true;
        foreach (var record in batch.Records())
        {
            if (record.HasKey && record.Offset >= from && !map.TryPut(record.Key, record.Offset)) return false;
        }

        return true;
    }

    private async LoopTask NoteProducers(List<LogSegment> segments)
    {
        foreach (var segment in segments)
        {
            var scanner = new BatchScanner(segment.File, 0, segment.Size);
            while (await scanner.MoveNext())
            {
                if (scanner.Current.ProducerId >= 0) _lastOfProducer[scanner.Current.ProducerId] = scanner.Current.BaseOffset;
            }

            EnsureWhole(segment, scanner);
        }
    }

    private async LoopTask Rewrite(List<LogSegment> group, OffsetMap map, long end)
    {
        EnsureUncut();
        var cleaned = await SegmentLoader.CreateCleaned(node, log.Path, group[0].BaseOffset, _config);
        var writer = new CleanedSegmentWriter(cleaned, options.IoBufferBytes / options.Threads);
        foreach (var segment in group)
        {
            var scanner = new BatchScanner(segment.File, 0, segment.Size);
            while (await scanner.MoveNextWhole())
            {
                var mustStay = scanner.Current.LastOffset + 1 == group[^1].NextOffset
                    || (_lastOfProducer.TryGetValue(scanner.Current.ProducerId, out var last) && last == scanner.Current.BaseOffset);
                var kept = BatchCompaction.Of(scanner.Bytes, map, end, mustStay, node.Clock.WallMillis, _config.DeleteRetentionMillis);
                if (!kept.Equals(scanner.Bytes)) writer.MarkChanged();
                if (kept.Length > 0) await writer.Write(kept);
                await throttler.Done(scanner.Current.SizeInBytes + kept.Length);
            }

            EnsureWhole(segment, scanner);
        }

        await writer.Flush();
        foreach (var segment in group) cleaned.TakeTransactions(segment);
        cleaned.Seal();
        EnsureUncut();
        if ((group.Count == 1 && !writer.HasChanged) || !await log.Replace(group, cleaned, _cuts)) await Discard(cleaned);
    }

    private async LoopTask Discard(LogSegment cleaned)
    {
        cleaned.File.Close();
        await node.Disk.Delete(LogFiles.Path(log.Path, cleaned.BaseOffset, LogFiles.Log + LogFiles.Cleaned));
        EnsureUncut();
    }

    private void EnsureUncut()
    {
        if (log.Cuts != _cuts) throw new CleaningAbortedException();
    }

    private void EnsureWhole(LogSegment segment, BatchScanner scanner)
    {
        if (scanner.Problem is not { } problem) return;
        EnsureUncut(); // a truncation explains it
        throw new CorruptLogException(segment.File.Path, scanner.Position, problem);
    }
}
