using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Loads all logs of a log directory on a start.</summary>
internal sealed class LogDirectoryLoader(LogDirectory directory, Func<string, LogConfig> configOf, LogDecisions decisions)
{
    private readonly Node _node = directory.Node;
    private readonly ILogger _log = directory.Node.Logs.CreateLogger("storage");

    /// <summary>Marks a directory as closed in order, durably.</summary>
    public static async LoopTask WriteMarker(LogDirectory directory)
    {
        var file = await directory.Node.Disk.Open(MarkerOf(directory), OpenMode.OpenOrCreate);
        file.Close();
        await directory.Node.Disk.SyncDirectory(directory.Path);
    }

    /// <summary>Loads the logs; false if they had not been closed in order.</summary>
    /// <exception cref="CorruptLogException">A log that was closed in order is damaged.</exception>
    /// <exception cref="CorruptCheckpointException">A checkpoint is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask<bool> Load()
    {
        var isClean = await _node.Disk.Exists(MarkerOf(directory));
        if (!isClean) _log.LogInformation("{Path} was not closed in order: its logs are recovered", directory.Path);
        if (decisions.MarkerRemoval == MarkerRemoval.BeforeLoading) await RemoveMarker();
        directory.CleanedUpTo = await directory.CleanerOffsets.Read();
        await LoadLogs(isClean);
        if (decisions.MarkerRemoval == MarkerRemoval.AfterLoading) await RemoveMarker();

        // Partitions deleted before a crash must not leave offsets behind for later ones of their name.
        await directory.RecoveryPoints.Write(directory.RecoveryPointsNow);
        await directory.CheckpointLogStartOffsets();
        await directory.CheckpointHighWatermarks();
        return isClean;
    }

    private static string MarkerOf(LogDirectory directory) => $"{directory.Path}/{LogFiles.CleanShutdown}";

    private async LoopTask RemoveMarker()
    {
        await _node.Disk.Delete(MarkerOf(directory));
        await _node.Disk.SyncDirectory(directory.Path);
    }

    private async LoopTask LoadLogs(bool isClean)
    {
        var recoveryPoints = await directory.RecoveryPoints.Read();
        var starts = await directory.LogStartOffsets.Read();
        var highWatermarks = await directory.HighWatermarks.Read();
        foreach (var name in await _node.Disk.List(directory.Path))
        {
            if (TopicNames.IsDeletedDirectory(name))
            {
                await _node.Disk.Delete($"{directory.Path}/{name}");
                continue;
            }

            if (await PartitionOf(name) is not { } partition) continue;
            var log = await LogLoader.Load(
                directory,
                partition,
                configOf(partition.Topic),
                decisions,
                isClean,
                recoveryPoints.GetValueOrDefault(partition),
                starts.GetValueOrDefault(partition));
            log.UpdateHighWatermark(highWatermarks.GetValueOrDefault(partition));
            directory.Logs[partition] = log;
        }
    }

    /// <summary>The partition whose log stands under a name; null for what is none of ours, which is left alone.</summary>
    private async LoopTask<TopicPartition?> PartitionOf(string name)
    {
        if (TopicNames.ParseDirectory(name) is { } partition && !await IsFile($"{directory.Path}/{name}")) return partition;
        if (!LogFiles.IsOwn(name)) _log.LogWarning("{Path}/{Name} is no partition's directory, nor a file of this broker's; it is left alone", directory.Path, name);
        return null;
    }

    private async LoopTask<bool> IsFile(string path)
    {
        try
        {
            (await _node.Disk.Open(path, OpenMode.OpenExisting)).Close();
            return true;
        }
        catch (DiskException e) when (e.Error is DiskError.AlreadyExists or DiskError.AccessDenied)
        {
            return false; // a directory
        }
    }
}
