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

    /// <summary>The partitions that could not be compacted, with the reason; their logs are left alone until they are deleted or the broker starts again.</summary>
    public IReadOnlyDictionary<TopicPartition, string> Uncleanable
    {
        get
        {
            var found = new SortedDictionary<TopicPartition, string>();
            foreach (var log in _logs.Logs)
            {
                if (log.Uncleanable is { } reason) found[log.Partition] = reason;
            }

            return found;
        }
    }

    /// <summary>Compacts the log that needs it most.</summary>
    /// <returns>False if none needs it.</returns>
    public async LoopTask<bool> CleanFilthiest()
    {
        if (await Choose() is not { } choice) return false;
        var turn = choice.Log.CleaningTurn;
        if (!turn.TryTake()) return true; // another chose it meanwhile, or it is about to be closed
        try
        {
            await Clean(choice);
        }
        finally
        {
            turn.End(); // or whoever closes the log waits for ever
        }

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

    private async LoopTask<Choice?> Choose()
    {
        Choice? best = null;
        foreach (var log in _logs.Logs)
        {
            if (!log.Config.IsCompacted || log.Uncleanable is not null || log.CleaningTurn is { IsTaken: true } or { IsBarred: true }) continue;
            try
            {
                var cuts = log.Cuts; // before the facts: what is cut while they or other logs' are gathered makes them void
                var range = CleaningDecision.RangeOf(await log.CleaningFacts(), log.Config);
                if (range.IsDue(log.Config.MinCleanableDirtyRatio) && (best is null || range.DirtyRatio > best.Value.Range.DirtyRatio)) best = new Choice(log, range, cuts);
            }
            catch (StorageException e)
            {
                _log.LogDebug("{Partition} is passed over: {Reason}", log.Partition, e.Message);
            }
        }

        return best;
    }

    private async LoopTask Clean(Choice choice)
    {
        var (log, range, cuts) = choice;
        try
        {
            var before = log.SizeInBytes;
            var end = await log.Directory.Guard(new LogCompaction(_node, log, cuts, _options, _throttler).Run(range));
            await log.NoteCleaned(end, cuts);
            _log.LogInformation("Compacted {Partition} from {From} to {To}: {Before} bytes became {After}", log.Partition, range.FirstDirty, end, before, log.SizeInBytes);
        }
        catch (Exception e) when (e is CleaningAbortedException or LogClosedException or LogDirFailureException)
        {
            _log.LogInformation("The compaction of {Partition} ends early: {Reason}", log.Partition, e.Message);
        }
        catch (Exception e) when (e is StorageException or UncleanableLogException or WireException or CodecUnavailableException)
        {
            log.Uncleanable = e.Message;
            _log.LogError("{Partition} cannot be compacted and is left as it is: {Reason}", log.Partition, e.Message);
        }
    }

    /// <summary>What is to be compacted, as it was when the log had been cut so many times.</summary>
    private readonly record struct Choice(PartitionLog Log, CleanableRange Range, int Cuts);
}
