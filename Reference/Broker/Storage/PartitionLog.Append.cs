using System;
using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>Appending.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Appends what a producer sent: validates it, writes offsets, leader epoch, the true greatest timestamp and, if so configured,
    /// the append time into the batches in place, and ends when the bytes are written (with <c>flush.messages</c> reached: durable).
    /// </summary>
    /// <param name="batches">One or more whole batches; must stay untouched until the task ends.</param>
    /// <param name="leaderEpoch">The epoch in which the caller believes to lead.</param>
    /// <param name="origin">Who sent them.</param>
    /// <exception cref="StaleAppendException">This replica does not lead in that epoch (any more).</exception>
    /// <exception cref="StorageException">Refused, nothing was appended; see <see cref="AppendValidation.CheckProduced"/>.</exception>
    /// <exception cref="LogDirFailureException">The disk failed; the log's end has not moved.</exception>
    public async LoopTask<LogAppendInfo> AppendAsLeader(Memory<byte> batches, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client)
    {
        EnsureUsable();
        EnsureRole(leaderEpoch, leads: true);
        var wrong = AppendValidation.CheckProduced(batches.Span, Config, origin, _node.Clock.WallMillis);
        await Enter();
        try
        {
            EnsureRole(leaderEpoch, leads: true);
            var stampMillis = Config.MessageTimestampType == TimestampType.LogAppendTime ? _node.Clock.WallMillis : -1;
            if (wrong is not null) Correct(batches.Span, wrong);
            var info = Stamp(batches.Span, leaderEpoch, stampMillis);
            await _directory.Guard(Append(batches, info));
            return info;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// Appends what a leader served, with its offsets and epochs; a batch cut off at the end is ignored. Ends as
    /// <see cref="AppendAsLeader"/> does.
    /// </summary>
    /// <param name="batches">Must stay untouched until the task ends.</param>
    /// <param name="leaderEpoch">The epoch in which the caller follows.</param>
    /// <exception cref="StaleAppendException">This replica does not follow in that epoch (any more).</exception>
    /// <exception cref="UnexpectedAppendOffsetException">The batches do not continue at the log's end.</exception>
    /// <exception cref="InvalidBatchException">A batch is corrupt.</exception>
    /// <exception cref="LogDirFailureException">The disk failed; the log's end has not moved.</exception>
    public async LoopTask<LogAppendInfo> AppendAsFollower(ReadOnlyMemory<byte> batches, int leaderEpoch)
    {
        await Enter();
        try
        {
            EnsureRole(leaderEpoch, leads: false);
            var whole = batches[..AppendValidation.CheckFetched(batches.Span, LogEndOffset)];
            var info = Describe(whole.Span);
            if (info.LastOffset - LogEndOffset > int.MaxValue) await _directory.Guard(AppendInParts(whole));
            else if (whole.Length > 0) await _directory.Guard(Append(whole, info));
            return info;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>The leader's log has gaps of 2^31 offsets: segments begin where they end.</summary>
    private async LoopTask AppendInParts(ReadOnlyMemory<byte> batches)
    {
        while (batches.Length > 0)
        {
            var fitting = batches[..RollDecision.FittingBytes(batches.Span, LogEndOffset)];
            await Append(fitting, Describe(fitting.Span));
            batches = batches[fitting.Length..];
        }
    }

    private static void Correct(Span<byte> batches, List<WrongMaxTimestamp> wrong)
    {
        foreach (var batch in wrong) RecordBatchPatch.SetMaxTimestamp(batches.Slice(batch.Position, batch.Size), batch.MaxTimestamp);
    }

    /// <summary>Gives the batches their place in the log.</summary>
    private LogAppendInfo Stamp(Span<byte> batches, int leaderEpoch, long appendTimeMillis)
    {
        var next = LogEndOffset;
        long maxTimestamp = -1;
        var position = 0;
        foreach (var batch in new RecordBatches(batches))
        {
            var bytes = batches.Slice(position, batch.SizeInBytes);
            position += batch.SizeInBytes;
            if (appendTimeMillis >= 0) RecordBatchPatch.SetLogAppendTime(bytes, appendTimeMillis);
            RecordBatchPatch.SetBaseOffset(bytes, next);
            RecordBatchPatch.SetPartitionLeaderEpoch(bytes, leaderEpoch);
            maxTimestamp = Math.Max(maxTimestamp, batch.MaxTimestamp);
            next = batch.NextOffset;
        }

        return new LogAppendInfo(LogEndOffset, next - 1, maxTimestamp, appendTimeMillis, LogStartOffset, batches.Length);
    }

    private LogAppendInfo Describe(ReadOnlySpan<byte> batches)
    {
        var next = LogEndOffset;
        long maxTimestamp = -1;
        foreach (var batch in new RecordBatches(batches))
        {
            next = batch.NextOffset;
            maxTimestamp = Math.Max(maxTimestamp, batch.MaxTimestamp);
        }

        return new LogAppendInfo(LogEndOffset, next - 1, maxTimestamp, -1, LogStartOffset, batches.Length);
    }

    /// <summary>The order matters: an epoch is durable before its first batch, and the end moves when all else is done.</summary>
    private async LoopTask Append(ReadOnlyMemory<byte> batches, LogAppendInfo info)
    {
        if (ShouldRoll(info)) await Roll(RollDecision.BaseOffset(batches.Span, LogEndOffset));
        await LearnTransactions(batches.Span);
        if (AppendValidation.NewEpochs(batches.Span, Epochs.LatestEpoch, LogEndOffset) is { } epochs)
        {
            foreach (var epoch in epochs) await Epochs.Assign(epoch.Epoch, epoch.Offset);
        }

        await Write(batches);
        NoteTransactions(batches.Span);
        var end = info.LastOffset + 1;
        if (end - RecoveryPoint >= Config.FlushMessages || _node.Buggify("log-flush-early")) await FlushUpTo(end, withActiveIndexes: false);
        LogEndOffset = end;
    }

    private async LoopTask Write(ReadOnlyMemory<byte> batches)
    {
        var segment = _segments.Active;
        try
        {
            await segment.Append(batches);
        }
        catch (DiskException)
        {
            // The directory goes offline; cut off what was half written, as far as that still works.
            try
            {
                await segment.File.SetLength(segment.Size);
            }
            catch (DiskException)
            {
                // Recovery cuts it at the next start.
            }

            throw;
        }
    }

    private bool ShouldRoll(LogAppendInfo info)
    {
        var segment = _segments.Active;
        if (segment.Size > 0 && _node.Buggify("log-roll-early")) return true;
        return _decisions.ShouldRoll(
            new RollState(
                segment.Size,
                info.SizeInBytes,
                RollDecision.AgeOf(segment.FirstTimestamp, info.MaxTimestamp, segment.CreatedMillis, _node.Clock.WallMillis),
                segment.Offsets.Count,
                segment.Times.Count,
                info.LastOffset - segment.BaseOffset,
                segment.RollJitterMillis),
            Config);
    }

    /// <summary>
    /// Begins a new segment, ordinarily at the log's end; the old one is flushed in the background, but before a gap at once: behind one a
    /// recovery could not see that the old one's end got lost.
    /// </summary>
    private async LoopTask Roll(long baseOffset)
    {
        _segments.Active.Seal();
        await _segments.Active.Trim();
        if (baseOffset != LogEndOffset) await FlushUpTo(LogEndOffset, withActiveIndexes: false);
        var fresh = await SegmentLoader.Create(_node, Path, baseOffset, Config);
        _sealed.Add(_segments.Active);
        _segments.Add(fresh);
        _nameChanges++;
        _node.Spawn(FlushInBackground());
    }
}
