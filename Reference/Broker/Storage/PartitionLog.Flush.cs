using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>Making the log durable.</content>
public sealed partial class PartitionLog
{
    private readonly List<LogSegment> _sealed = [];
    private readonly LoopLock _flushing = new();
    private int _cuts;
    private int _nameChanges;
    private int _syncedNameChanges;
    private long _lastFlushMillis;

    /// <summary>Makes everything appended so far durable and moves the recovery point there.</summary>
    /// <exception cref="LogDirFailureException">The fsync failed: the directory is offline, and it is not known what the device holds.</exception>
    public LoopTask Flush()
    {
        EnsureUsable();
        return _directory.Guard(FlushUpTo(LogEndOffset, withActiveIndexes: false));
    }

    /// <summary>Flushes if unflushed records have waited for <c>flush.ms</c>.</summary>
    /// <exception cref="LogDirFailureException">The fsync failed.</exception>
    public LoopTask FlushIfDue() =>
        RecoveryPoint < LogEndOffset && _node.Clock.MonotonicMillis() - _lastFlushMillis >= Config.FlushMillis ? Flush() : LoopTask.Completed;

    /// <summary>
    /// Syncs contents, then names, then moves the recovery point; unless a truncation came between, which moved it down itself.
    /// The index of the active segment is left out: recovery always rebuilds it.
    /// </summary>
    private async LoopTask FlushUpTo(long end, bool withActiveIndexes)
    {
        var cuts = _cuts;
        await _flushing.Acquire();
        try
        {
            EnsureUsable(); // closed while it waited for its turn
            if (cuts != _cuts) end = Math.Min(end, LogEndOffset); // cut while it waited
            cuts = _cuts;
            var names = _nameChanges;
            var active = _segments.Active;
            var closed = _sealed.ToArray();
            foreach (var segment in closed) await segment.Flush(withIndexes: true);
            await active.Flush(withActiveIndexes);
            if (names != _syncedNameChanges || withActiveIndexes) await _node.Disk.SyncDirectory(Path);
            _lastFlushMillis = _node.Clock.MonotonicMillis();
            if (cuts != _cuts) return;
            _syncedNameChanges = names;
            foreach (var segment in closed) _sealed.Remove(segment);
            RecoveryPoint = Math.Max(RecoveryPoint, end);
        }
        finally
        {
            _flushing.Release();
        }
    }

    private async LoopTask FlushInBackground()
    {
        try
        {
            await Flush();
        }
        catch (StorageException)
        {
            // The directory is offline, or the log was closed: whoever uses it next is told.
        }
    }
}
