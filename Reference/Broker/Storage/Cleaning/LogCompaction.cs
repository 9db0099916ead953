using System;
using System.Collections.Generic;
using System.Linq;
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
/// on where the one before ends. Runs beside appends; <see cref="PartitionLog.Replace"/> refuses its result if the log was cut or retention
/// took a segment meanwhile. That ends the whole compaction: a tombstone must not count as compacted while a segment that it was to empty is not.
/// </remarks>
/// <param name="node">The process.</param>
/// <param name="log">What to compact; its <see cref="CleaningTurn"/> is taken.</param>
/// <param name="cuts">The log's cuts when the range was found.</param>
/// <param name="options">How.</param>
/// <param name="throttler">How fast.</param>
internal sealed class LogCompaction(Node node, PartitionLog log, int cuts, LogCleanerOptions options, Throttler throttler)
{
    private readonly LogConfig _config = log.Config;
    private readonly SortedDictionary<long, long> _lastOfProducer = [];

    /// <summary>Compacts.</summary>
    /// <returns>The offset up to which the log is compacted now.</returns>
    /// <exception cref="CleaningAbortedException">The log was cut, is to be closed, or lost segments meanwhile.</exception>
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
                await Count(scanner.Current.SizeInBytes);
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
                EnsureMayGoOn();
                if (scanner.Current.ProducerId >= 0) _lastOfProducer[scanner.Current.ProducerId] = scanner.Current.BaseOffset;
            }

            EnsureWhole(segment, scanner);
        }
    }

    private async LoopTask Rewrite(List<LogSegment> group, OffsetMap map, long end)
    {
        var cleaned = await log.CreateCleaned(group[0].BaseOffset, _config, cuts);
        try
        {
            var hasChanged = await Copy(group, cleaned, map, end);
            EnsureMayGoOn();
            if (group.Count == 1 && !hasChanged) await Discard(cleaned);
            else if (!await log.Replace(group, cleaned, cuts)) throw new CleaningAbortedException();
        }
        catch (Exception)
        {
            await Discard(cleaned);
            throw;
        }
    }

    /// <summary>Writes what is to stay of a group; true if that is less than there was, or anything else.</summary>
    private async LoopTask<bool> Copy(List<LogSegment> group, LogSegment cleaned, OffsetMap map, long end)
    {
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
                await Count(scanner.Current.SizeInBytes + kept.Length);
            }

            EnsureWhole(segment, scanner);
        }

        await writer.Flush();
        foreach (var segment in group) cleaned.TakeTransactions(segment);
        cleaned.Seal();
        return writer.HasChanged;
    }

    /// <summary>No file may stay that a start would take for part of an unfinished split; if the disk refuses, the next exchange sees to it.</summary>
    private async LoopTask Discard(LogSegment cleaned)
    {
        if (log.Segments.Contains(cleaned)) return; // the disk failed when all but the last sync was done
        cleaned.File.Close();
        try
        {
            await node.Disk.Delete(LogFiles.Path(log.Path, cleaned.BaseOffset, LogFiles.Log + LogFiles.Cleaned));
        }
        catch (DiskException)
        {
            // What ended the compaction counts; if nothing did, the disk shows at its next use whether it has failed.
        }
    }

    /// <summary>Counts bytes, and waits as long as that takes.</summary>
    private async LoopTask Count(int bytes)
    {
        EnsureMayGoOn();
        await log.CleaningTurn.Pause(node.Clock, throttler.Done(bytes));
        EnsureMayGoOn();
    }

    private void EnsureMayGoOn() => log.EnsureCleanable(cuts);

    private void EnsureWhole(LogSegment segment, BatchScanner scanner)
    {
        if (scanner.Problem is not { } problem) return;
        EnsureMayGoOn(); // a truncation explains it
        throw new CorruptLogException(segment.File.Path, scanner.Position, problem);
    }
}
