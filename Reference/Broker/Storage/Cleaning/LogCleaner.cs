using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Wire;
using Reference.Wire.Compression;
using Simulator.Platform;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>Compacts logs, always the one with the largest dirty share next, until the broker stops.</summary>
public sealed class LogCleaner
{
    private readonly Node _node;
    private readonly LogManager _logs;
    private readonly LogCleanerOptions _options;
    private readonly Throttler _throttler;
    private readonly SortedSet<TopicPartition> _inProgress = [];
    private readonly SortedDictionary<TopicPartition, string> _uncleanable = [];
    private readonly ILogger _log;

    /// <summary>A cleaner that has not begun.</summary>
    public LogCleaner(Node node, LogManager logs, LogCleanerOptions options)
    {
        _node = node;
        _logs = logs;
        _options = options;
        _throttler = new Throttler(node.Clock, options.MaxBytesPerSecond);
        _log = node.Logs.CreateLogger("cleaner");
    }

    /// <summary>The partitions that could not be compacted, with the reason; they are left alone until the broker starts again.</summary>
    public IReadOnlyDictionary<TopicPartition, string> Uncleanable => _uncleanable;

    /// <summary>Compacts the log that needs it most.</summary>
    /// <returns>False if none needs it.</returns>
    public async LoopTask<bool> CleanFilthiest()
    {
        if (await Choose() is not { } choice) return false;
        var (log, range) = choice;
        if (!_inProgress.Add(log.Partition)) return true; // another chose it meanwhile
        await Clean(log, range);
        _inProgress.Remove(log.Partition);
        return true;
    }

    /// <summary>Works until stopped.</summary>
    internal async LoopTask Run(LoopPromise<Nothing> stopped)
    {
        while (!stopped.IsCompleted)
        {
            if (!await CleanFilthiest() && await stopped.WaitFor(_node.Clock, _options.Backoff)) return;
        }
    }

    private async LoopTask<(PartitionLog Log, CleanableRange Range)?> Choose()
    {
        (PartitionLog Log, CleanableRange Range)? best = null;
        foreach (var log in _logs.Logs)
        {
            if (!log.Config.IsCompacted || _inProgress.Contains(log.Partition) || _uncleanable.ContainsKey(log.Partition)) continue;
            try
            {
                var range = CleaningDecision.RangeOf(await log.CleaningFacts(), log.Config);
                if (range.IsDue(log.Config.MinCleanableDirtyRatio) && (best is null || range.DirtyRatio > best.Value.Range.DirtyRatio)) best = (log, range);
            }
            catch (StorageException e)
            {
                _log.LogDebug("{Partition} is passed over: {Reason}", log.Partition, e.Message);
            }
        }

        return best;
    }

    private async LoopTask Clean(PartitionLog log, CleanableRange range)
    {
        try
        {
            var before = log.SizeInBytes;
            var end = await log.Directory.Guard(new LogCompaction(_node, log, _options, _throttler).Run(range));
            await log.NoteCleaned(end);
            _log.LogInformation("Compacted {Partition} from {From} to {To}: {Before} bytes became {After}", log.Partition, range.FirstDirty, end, before, log.SizeInBytes);
        }
        catch (Exception e) when (e is CleaningAbortedException or LogClosedException or LogDirFailureException)
        {
            _log.LogInformation("The compaction of {Partition} ends early: {Reason}", log.Partition, e.Message);
        }
        catch (Exception e) when (e is StorageException or UncleanableLogException or WireException or CodecUnavailableException)
        {
            _uncleanable[log.Partition] = e.Message;
            _log.LogError("{Partition} cannot be compacted and is left as it is: {Reason}", log.Partition, e.Message);
        }
    }
}
