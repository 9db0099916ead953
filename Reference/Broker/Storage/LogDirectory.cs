using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// One of the broker's log directories: its logs, its checkpoints, and whether its disk still works. The first failed write or
/// fsync takes the whole directory offline until the broker restarts: after a failed fsync nobody knows what the device holds,
/// so nothing is retried.
/// </summary>
public sealed class LogDirectory
{
    private readonly ILogger _log;
    private IFile? _lock;

    /// <summary>A directory at a path; nothing is read yet.</summary>
    public LogDirectory(Node node, string path, Action<LogDirectory>? failed = null)
    {
        Node = node;
        Path = path;
        Failed = failed;
        _log = node.Logs.CreateLogger("storage");
        RecoveryPoints = new(node.Disk, $"{path}/{LogFiles.RecoveryPoints}", "Delete the file: all logs of the directory are then recovered from their beginning.");
        HighWatermarks = new(node.Disk, $"{path}/{LogFiles.HighWatermarks}", "Delete the file: high watermarks are then learned from the leaders again.");
        CleanerOffsets = new(node.Disk, $"{path}/{LogFiles.CleanerOffsets}", "Delete the file: compacted logs are then compacted from their beginning.");
        LogStartOffsets = new(node.Disk, $"{path}/{LogFiles.LogStartOffsets}", "Delete the file: logs then begin with their first segment.");
    }

    /// <summary>Path, without a slash at the end.</summary>
    public string Path { get; }

    /// <summary>Its logs.</summary>
    public SortedDictionary<TopicPartition, PartitionLog> Logs { get; } = [];

    /// <summary>False once its disk failed.</summary>
    public bool IsOnline => Failure is null;

    /// <summary>What failed first.</summary>
    public LogDirFailureException? Failure { get; private set; }

    /// <summary>True from when the first of its logs begins to be loaded until all have been closed in order: so long no marker may say that they are.</summary>
    internal bool HasOpenLogs { get; set; }

    internal Node Node { get; }

    internal OffsetCheckpoint RecoveryPoints { get; }

    internal OffsetCheckpoint HighWatermarks { get; }

    internal OffsetCheckpoint LogStartOffsets { get; }

    internal OffsetCheckpoint CleanerOffsets { get; }

    /// <summary>Up to where logs are compacted, as in <c>cleaner-offset-checkpoint</c>.</summary>
    internal SortedDictionary<TopicPartition, long> CleanedUpTo { get; set; } = [];

    private Action<LogDirectory>? Failed { get; }

    /// <summary>Writes up to where each log is known to be flushed.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public LoopTask CheckpointRecoveryPoints() => Guard(RecoveryPoints.Write(RecoveryPointsNow));

    /// <summary>Writes the high watermarks.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public LoopTask CheckpointHighWatermarks() => Guard(HighWatermarks.Write(() => Collect(log => log.HighWatermark)));

    /// <summary>Writes the start of each log that begins later than its first segment.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public LoopTask CheckpointLogStartOffsets() =>
        Guard(LogStartOffsets.Write(() => Collect(log => log.LogStartOffset > log.FirstSegmentBaseOffset ? log.LogStartOffset : null)));

    /// <summary>Notes up to where a log is compacted, durably; null: it is gone.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    internal LoopTask NoteCleaned(TopicPartition partition, long? offset)
    {
        if (offset is { } value) CleanedUpTo[partition] = value;
        else if (!CleanedUpTo.Remove(partition)) return LoopTask.Completed;
        return Guard(CleanerOffsets.Write(() => CleanedUpTo));
    }

    /// <summary>Forgets durably how far logs were compacted that are not here any more.</summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    internal async LoopTask ForgetCleanedOfMissing()
    {
        var known = CleanedUpTo.Count;
        foreach (var partition in CleanedUpTo.Keys.ToArray())
        {
            if (!Logs.ContainsKey(partition)) CleanedUpTo.Remove(partition);
        }

        if (CleanedUpTo.Count < known) await Guard(CleanerOffsets.Write(() => CleanedUpTo));
    }

    /// <summary>Keeps all others from using the directory, until <see cref="Unlock"/> or the end of the process.</summary>
    /// <exception cref="LogDirInUseException">Another uses it.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    internal async LoopTask Lock()
    {
        try
        {
            _lock ??= await Node.Disk.Open($"{Path}/{LogFiles.Lock}", OpenMode.Exclusive);
        }
        catch (DiskException e) when (e.Error == DiskError.Locked)
        {
            throw new LogDirInUseException(Path);
        }
    }

    /// <summary>Lets others use it. The file stays: deleting it would let two others hold two files of the name.</summary>
    internal void Unlock()
    {
        _lock?.Close();
        _lock = null;
    }

    internal SortedDictionary<TopicPartition, long> RecoveryPointsNow() => Collect(log => log.RecoveryPoint);

    internal void EnsureOnline()
    {
        if (Failure is { } failure) throw new LogDirFailureException(Path, failure.Message, failure);
    }

    /// <summary>Takes the directory offline.</summary>
    internal LogDirFailureException Fail(DiskException cause)
    {
        var failure = new LogDirFailureException(Path, $"The log directory {Path} is offline: {cause.Message}", cause);
        if (Failure is not null) return failure;
        Failure = failure;
        _log.LogError("{Message}", failure.Message);
        Failed?.Invoke(this);
        return failure;
    }

    /// <summary>Runs disk work; its failure takes the directory offline.</summary>
    internal async LoopTask Guard(LoopTask work)
    {
        try
        {
            await work;
        }
        catch (DiskException e)
        {
            throw Judge(e);
        }
    }

    /// <inheritdoc cref="Guard(LoopTask)"/>
    internal async LoopTask<T> Guard<T>(LoopTask<T> work)
    {
        try
        {
            return await work;
        }
        catch (DiskException e)
        {
            throw Judge(e);
        }
    }

    private StorageException Judge(DiskException e) =>
        e.Error == DiskError.Closed ? new LogClosedException($"A file in {Path} was closed: {e.Message}") : Fail(e);

    private SortedDictionary<TopicPartition, long> Collect(Func<PartitionLog, long?> offset)
    {
        var offsets = new SortedDictionary<TopicPartition, long>();
        foreach (var (partition, log) in Logs)
        {
            if (offset(log) is { } value) offsets[partition] = value;
        }

        return offsets;
    }
}
