using System;
using System.Linq;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <content>What is done now and then for all logs, directory by directory.</content>
public sealed partial class LogManager
{
    /// <summary>Starts the background work: retention, flushes, checkpoints, compaction.</summary>
    public void Start()
    {
        _node.Spawn(Every(_options.RetentionCheckInterval, d => ForEachLog(d, log => log.DeleteOldSegments().AsVoid())));
        _node.Spawn(Every(_options.FlushCheckInterval, d => ForEachLog(d, log => log.FlushIfDue())));
        _node.Spawn(Every(_options.RecoveryPointCheckpointInterval, d => d.CheckpointRecoveryPoints()));
        _node.Spawn(Every(_options.LogStartCheckpointInterval, d => d.CheckpointLogStartOffsets()));
        _node.Spawn(Every(_options.HighWatermarkCheckpointInterval, d => d.CheckpointHighWatermarks()));
        for (var i = 0; _options.Cleaner.Enabled && i < _options.Cleaner.Threads; i++) _node.Spawn(Cleaner.Run(_stopped));
    }

    private static async LoopTask ForEachLog(LogDirectory directory, Func<PartitionLog, LoopTask> work)
    {
        foreach (var log in directory.Logs.Values.ToArray())
        {
            try
            {
                await work(log);
            }
            catch (LogClosedException)
            {
                // Deleted meanwhile.
            }
        }
    }

    private async LoopTask Every(TimeSpan interval, Func<LogDirectory, LoopTask> work)
    {
        while (!await _stopped.WaitFor(_node.Clock, interval))
        {
            if (_node.Buggify("checkpoint-late")) continue;
            foreach (var directory in Online())
            {
                try
                {
                    await work(directory);
                }
                catch (StorageException e)
                {
                    _log.LogWarning("Background work on {Path} failed: {Message}", directory.Path, e.Message);
                }
            }
        }
    }
}
