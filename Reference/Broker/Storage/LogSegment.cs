using System;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// One file of record batches with its two sparse indexes. Made by <see cref="SegmentLoader"/>; changed only under the lock of
/// its <see cref="PartitionLog"/>.
/// </summary>
public sealed class LogSegment
{
    private const int RewriteChunk = 1 << 16;
    private readonly int _indexIntervalBytes;
    private readonly TailPositions _tail = new();
    private int _lastIndexed;
    private int _syncedSize;
    private bool _unsyncedCut;
    private int _cuts;

    internal LogSegment(IFile file, long baseOffset, OffsetIndex offsets, TimeIndex times, TransactionIndex transactions, int indexIntervalBytes, long createdMillis)
    {
        File = file;
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        Offsets = offsets;
        Times = times;
        Transactions = transactions;
        CreatedMillis = createdMillis;
        OffsetOfMaxTimestamp = baseOffset;
        _indexIntervalBytes = indexIntervalBytes;
    }

    /// <summary>The <c>.log</c> file.</summary>
    public IFile File { get; }

    /// <summary>The offset in its name: no record below it.</summary>
    public long BaseOffset { get; }

    /// <summary>Offset after the last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Bytes of whole batches.</summary>
    public int Size { get; private set; }

    /// <summary>Greatest timestamp in milliseconds; -1 if there is none.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>Last offset of the batch with the greatest timestamp.</summary>
    public long OffsetOfMaxTimestamp { get; private set; }

    /// <summary>Greatest timestamp of the first batch: age is counted from it; -1 if unknown.</summary>
    public long FirstTimestamp { get; internal set; } = -1;

    /// <summary>The node's wall clock when the segment was made or loaded, in milliseconds.</summary>
    public long CreatedMillis { get; }

    /// <summary>By what retention by time judges the segment: its greatest timestamp, else its age.</summary>
    public long LargestTimestamp => MaxTimestamp >= 0 ? MaxTimestamp : CreatedMillis;

    /// <summary>True while bytes or cuts are not known to be durable.</summary>
    public bool IsDirty => _unsyncedCut || Size != _syncedSize;

    internal OffsetIndex Offsets { get; }

    internal TimeIndex Times { get; }

    internal TransactionIndex Transactions { get; }

    /// <summary>True if the transaction index has to be filled by reading the log.</summary>
    internal bool LacksTransactions { get; set; }

    /// <summary>By how many milliseconds it rolls earlier than others.</summary>
    internal long RollJitterMillis { get; init; }

    /// <summary>Writes batches that follow the last one. After a failure nothing has changed but bytes beyond <see cref="Size"/>.</summary>
    internal async LoopTask Append(ReadOnlyMemory<byte> batches)
    {
        await File.Write(Size, batches);
        Admit(batches.Span);
    }

    /// <summary>Counts one batch that stands at the end of the file: size, timestamps, index entries.</summary>
    internal void Admit(BatchHeader batch)
    {
        if (Size == 0) FirstTimestamp = batch.MaxTimestamp;
        if (batch.MaxTimestamp > MaxTimestamp) (MaxTimestamp, OffsetOfMaxTimestamp) = (batch.MaxTimestamp, batch.LastOffset);
        if (Size - _lastIndexed > _indexIntervalBytes)
        {
            Offsets.Append(batch.LastOffset, Size);
            Times.MaybeAppend(MaxTimestamp, OffsetOfMaxTimestamp);
            _lastIndexed = Size;
        }

        _tail.Add(new BatchPosition(batch.BaseOffset, batch.LastOffset, Size, batch.SizeInBytes));
        Size += batch.SizeInBytes;
        NextOffset = batch.LastOffset + 1;
    }

    /// <summary>Takes over what the indexes say of a file that was closed in order, up to a batch from which the rest is admitted.</summary>
    internal void Restore(int size, long nextOffset)
    {
        Size = size;
        NextOffset = nextOffset;
        _lastIndexed = Offsets.LastPosition;
        _tail.TruncateTo(0); // rebuilding an index has admitted the batches once already
        if (Times.Last.Timestamp > MaxTimestamp) (MaxTimestamp, OffsetOfMaxTimestamp) = Times.Last;
    }

    /// <summary>Declares that the file holds on the device what was admitted: it was closed in order, or flushed before.</summary>
    internal void MarkDurable()
    {
        _syncedSize = Size;
        _unsyncedCut = false;
    }

    /// <summary>Forgets everything, for a scan that admits the batches anew.</summary>
    internal void Reset()
    {
        Size = 0;
        NextOffset = BaseOffset;
        MaxTimestamp = -1;
        OffsetOfMaxTimestamp = BaseOffset;
        _lastIndexed = 0;
        _tail.TruncateTo(0);
        Offsets.File.Reset();
        Times.File.Reset();
        Transactions.File.Reset();
        MarkCut();
    }

    /// <summary>The first batch before <paramref name="end"/> whose last offset is not below <paramref name="offset"/>; null if there is none.</summary>
    /// <exception cref="CorruptLogException">No batch stands where one should.</exception>
    internal async LoopTask<BatchPosition?> Find(long offset, int end)
    {
        if (_tail.TryFind(offset, out var known)) return known.Position < end ? known : null;
        var start = Offsets.Lookup(offset);
        var scanner = new BatchScanner(File, start, end);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (scanner.Position == start && start > 0 && batch.BaseOffset > offset) return await FindWithoutIndex(offset, end);
            if (batch.LastOffset >= offset) return new BatchPosition(batch.BaseOffset, batch.LastOffset, scanner.Position, batch.SizeInBytes);
        }

        return scanner.Problem is null ? null : await FindWithoutIndex(offset, end);
    }

    /// <summary>The first record at or after an offset whose timestamp is not below <paramref name="timestamp"/>; null if there is none before <paramref name="end"/>.</summary>
    internal async LoopTask<TimestampOffset?> FindTimestamp(long timestamp, long startOffset, int end)
    {
        var from = Math.Max(Times.Lookup(timestamp), startOffset);
        var scanner = new BatchScanner(File, Offsets.Lookup(from), end);
        while (await scanner.MoveNext())
        {
            if (scanner.Current.MaxTimestamp < timestamp || scanner.Current.LastOffset < startOffset) continue;
            var whole = new BatchScanner(File, scanner.Position, end);
            if (!await whole.MoveNextWhole()) break;
            if (TimestampOffset.Find(new RecordBatch(whole.Bytes.Span), timestamp, startOffset) is { } found) return found;
        }

        return null;
    }

    /// <summary>Cuts the file at a batch boundary and makes the cut durable.</summary>
    internal async LoopTask Truncate(BatchPosition firstDropped)
    {
        await File.SetLength(firstDropped.Position);
        Size = firstDropped.Position;
        NextOffset = firstDropped.BaseOffset;
        _tail.TruncateTo(Size);
        Offsets.TruncateToPosition(Size);
        Times.TruncateTo(NextOffset);
        Transactions.TruncateTo(NextOffset);
        MarkCut();
        await RecountTail();
        await Flush(withIndexes: false);
    }

    /// <summary>Makes the batches durable, and the indexes where recovery would not rebuild them.</summary>
    internal async LoopTask Flush(bool withIndexes)
    {
        if (IsDirty)
        {
            var size = Size;
            var cuts = _cuts;
            await File.Sync();
            if (cuts == _cuts)
            {
                _syncedSize = size; // else truncated meanwhile: who truncated syncs
                _unsyncedCut = false;
            }
        }

        if (!withIndexes) return;
        await Transactions.File.Flush();
        await Times.File.Flush();
        await Offsets.File.Flush(); // without it a start makes all three anew
    }

    /// <summary>
    /// Writes the batches from an offset on once more. What a crash left may be readable and yet never reach the device: a sync that
    /// failed before has dropped its pages, and the next one, which ends well, has nothing to do. After Rebello et al., "Can
    /// Applications Recover from fsync Failures?", 2020.
    /// </summary>
    internal async LoopTask WriteAgain(long fromOffset)
    {
        if (await Find(fromOffset, Size) is not { } first) return;
        var chunk = new byte[Math.Min(RewriteChunk, Size - first.Position)];
        for (var position = first.Position; position < Size;)
        {
            var count = await File.Read(position, chunk.AsMemory(0, Math.Min(chunk.Length, Size - position)));
            if (count == 0) return;
            await File.Write(position, chunk.AsMemory(0, count));
            position += count;
        }
    }

    /// <summary>Completes the time index when the segment takes no more appends.</summary>
    internal void Seal() => Times.MaybeAppend(MaxTimestamp, OffsetOfMaxTimestamp);

    /// <summary>Learns the timestamp of the first batch, where an index did not say it.</summary>
    internal async LoopTask ReadFirstTimestamp()
    {
        if (FirstTimestamp >= 0 || Size == 0) return;
        var scanner = new BatchScanner(File, 0, Size);
        if (await scanner.MoveNext()) FirstTimestamp = scanner.Current.MaxTimestamp;
    }

    /// <summary>Takes over the aborted transactions of a segment that this one replaces: their markers stay.</summary>
    internal void TakeTransactions(LogSegment replaced)
    {
        for (var i = 0; i < replaced.Transactions.Count; i++) Transactions.Append(replaced.Transactions[i]);
    }

    /// <summary>Cuts off what was allocated in advance and not used; a flush makes that durable.</summary>
    internal async LoopTask Trim()
    {
        if (File.Length <= Size) return;
        await File.SetLength(Size);
        MarkCut();
    }

    private void MarkCut()
    {
        _cuts++;
        _unsyncedCut = true;
    }

    private void Admit(ReadOnlySpan<byte> batches)
    {
        foreach (var batch in new RecordBatches(batches)) Admit(BatchHeader.TryRead(batch.Bytes)!.Value);
    }

    private async LoopTask<BatchPosition?> FindWithoutIndex(long offset, int end)
    {
        var scanner = new BatchScanner(File, 0, end);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (batch.LastOffset >= offset) return new BatchPosition(batch.BaseOffset, batch.LastOffset, scanner.Position, batch.SizeInBytes);
        }

        return scanner.Problem is null ? null : throw new CorruptLogException(File.Path, scanner.Position, scanner.Problem);
    }

    /// <summary>The greatest timestamp of what a truncation left: that of the index, or of a batch behind its last entry.</summary>
    private async LoopTask RecountTail()
    {
        _lastIndexed = Offsets.LastPosition;
        (MaxTimestamp, OffsetOfMaxTimestamp) = Times.Last;
        if (Size == 0) FirstTimestamp = -1;
        var scanner = new BatchScanner(File, _lastIndexed, Size);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (batch.MaxTimestamp > MaxTimestamp) (MaxTimestamp, OffsetOfMaxTimestamp) = (batch.MaxTimestamp, batch.LastOffset);
        }
    }
}
