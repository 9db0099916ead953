using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// The log of one replica: segments, offsets, leader epochs. Appends, truncations and deletions follow one another; reads and
/// background flushes go on beside them. What fails on disk takes the whole <see cref="LogDirectory"/> offline
/// (<see cref="LogDirFailureException"/> from every method).
/// </summary>
/// <remarks>Invariant (S9): log start ≤ high watermark ≤ log end; recovery point ≤ log end (S15).</remarks>
public sealed partial class PartitionLog
{
    private readonly LogDirectory _directory;
    private readonly LogDecisions _decisions;
    private readonly SegmentList _segments;
    private readonly Node _node;
    private readonly ILogger _log;
    private readonly LoopLock _lock = new();
    private int _epoch = -1;
    private bool _leads;
    private bool _closed;

    internal PartitionLog(TopicPartition partition, LogDirectory directory, LogConfig config, LogDecisions decisions, LoadedLog loaded)
    {
        Partition = partition;
        Config = config;
        Epochs = loaded.Epochs;
        LogStartOffset = loaded.LogStartOffset;
        LogEndOffset = loaded.LogEndOffset;
        RecoveryPoint = loaded.RecoveryPoint;
        HighWatermark = LogStartOffset;
        _segments = loaded.Segments;
        _directory = directory;
        _decisions = decisions;
        _node = directory.Node;
        _log = _node.Logs.CreateLogger("storage");
        _lastFlushMillis = _node.Clock.MonotonicMillis();
    }

    /// <summary>Whose log it is.</summary>
    public TopicPartition Partition { get; }

    /// <summary>What governs it; may be replaced at any time.</summary>
    public LogConfig Config { get; set; }

    /// <summary>Path of its directory.</summary>
    public string Path => $"{_directory.Path}/{Partition}";

    /// <summary>The log directory it lives in.</summary>
    public LogDirectory Directory => _directory;

    /// <summary>First offset that may be read.</summary>
    public long LogStartOffset { get; private set; }

    /// <summary>Offset of the next record (LEO). Advances only after the write, and with <c>flush.messages</c> the fsync, has ended.</summary>
    public long LogEndOffset { get; private set; }

    /// <summary>Offset below which consumers may read; set by replication.</summary>
    public long HighWatermark { get; private set; }

    /// <summary>Offset below which everything is known to be on the device.</summary>
    public long RecoveryPoint { get; private set; }

    /// <summary>Where each leader epoch begins.</summary>
    public LeaderEpochCache Epochs { get; }

    /// <summary>The latest leader epoch with a record or with this replica as leader; -1 if there is none.</summary>
    public int LatestEpoch => Epochs.LatestEpoch;

    /// <summary>Its segments, oldest first; for inspection.</summary>
    public IReadOnlyList<LogSegment> Segments => _segments.All;

    /// <summary>Base offset of the oldest segment.</summary>
    public long FirstSegmentBaseOffset => _segments.First.BaseOffset;

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes => _segments.SizeInBytes;

    /// <summary>
    /// From now on only appends as leader in this epoch are taken; the epoch is noted at the log's end, durably. An append of an
    /// earlier role that still waits fails with <see cref="StaleAppendException"/>.
    /// </summary>
    /// <returns>The offset at which the epoch begins.</returns>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask<long> StartLeading(int leaderEpoch)
    {
        (_epoch, _leads) = (leaderEpoch, true);
        await Enter();
        try
        {
            EnsureRole(leaderEpoch, leads: true);
            if (leaderEpoch > Epochs.LatestEpoch) await _directory.Guard(Epochs.Assign(leaderEpoch, LogEndOffset));
            return LogEndOffset;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>From now on only appends as follower in this epoch are taken.</summary>
    public void StartFollowing(int leaderEpoch) => (_epoch, _leads) = (leaderEpoch, false);

    /// <summary>Sets the high watermark, kept within [log start, log end]; gives what it became.</summary>
    public long UpdateHighWatermark(long offset) => HighWatermark = Math.Clamp(offset, LogStartOffset, LogEndOffset);

    /// <summary>Where a leader epoch ends in this log (OffsetsForLeaderEpoch, KIP-101, KIP-279).</summary>
    public EpochEntry EndOffsetForEpoch(int leaderEpoch) => Epochs.EndOffsetFor(leaderEpoch, LogEndOffset);

    /// <summary>Flushes everything and closes the files.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask Close()
    {
        await CleaningTurn.Bar();
        await Enter();
        try
        {
            _segments.Active.Seal();
            await _directory.Guard(_segments.Active.Trim());
            await _directory.Guard(FlushUpTo(LogEndOffset, withActiveIndexes: true));
            CloseFiles();
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// Takes no more work and closes the files without flushing: the log is about to be deleted. A flush and a compaction under way end
    /// first: they would find their directory gone, and take that for a failed disk.
    /// </summary>
    internal async LoopTask Abandon()
    {
        await CleaningTurn.Bar(); // before the lock, which it may need to come to its end
        await Enter();
        await _flushing.Acquire();
        CloseFiles();
        _flushing.Release();
        _lock.Release();
    }

    private void CloseFiles()
    {
        _closed = true;
        foreach (var segment in _segments.All) segment.File.Close();
    }

    private async LoopTask Enter()
    {
        EnsureUsable();
        await _lock.Acquire();
        if (!_closed && _directory.IsOnline) return;
        _lock.Release();
        EnsureUsable();
    }

    private void EnsureUsable()
    {
        _directory.EnsureOnline();
        if (_closed) throw new LogClosedException($"The log of {Partition} is closed.");
    }

    private void EnsureRole(int leaderEpoch, bool leads)
    {
        if (_leads == leads && _epoch == leaderEpoch) return;
        var role = _leads ? "leads" : "follows";
        throw new StaleAppendException($"{Partition} {role} in epoch {_epoch}; an append as {(leads ? "leader" : "follower")} in epoch {leaderEpoch} comes from another time.");
    }
}
