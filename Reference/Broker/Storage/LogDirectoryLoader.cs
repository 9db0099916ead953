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

    /// <summary>Marks a directory, whose logs have been closed, as closed in order, durably.</summary>
    public static async LoopTask WriteMarker(LogDirectory directory)
    {
        directory.HasOpenLogs = false;
        var file = await directory.Node.Disk.Open(MarkerOf(directory), OpenMode.OpenOrCreate);
        file.Close();
        await directory.Node.Disk.SyncDirectory(directory.Path);
    }

    /// <summary>
    /// Leaves the directory as it was found, for what keeps the broker from starting to keep it at the next start too: without the marker
    /// that would cut a damaged log in silence. What is not loaded has not been touched.
    /// </summary>
    public static async LoopTask CloseAgain(LogDirectory directory)
    {
        foreach (var log in directory.Logs.Values) await log.Close();
        directory.Logs.Clear();
        await WriteMarker(directory);
    }

    /// <summary>Loads the logs; false if they had not been closed in order.</summary>
    /// <remarks>What keeps a directory that was closed in order from being loaded leaves it its marker, so that every start says so until somebody has acted.</remarks>
    /// <exception cref="CorruptLogException">A log that was closed in order is damaged.</exception>
    /// <exception cref="LegacyFormatException">A log is in a format before record batches.</exception>
    /// <exception cref="CorruptCheckpointException">A checkpoint is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask<bool> Load()
    {
        var isClean = await _node.Disk.Exists(MarkerOf(directory));
        if (!isClean) _log.LogInformation("{Path} was not closed in order: its logs are recovered", directory.Path);
        if (decisions.MarkerRemoval == MarkerRemoval.BeforeLoading) await RemoveMarker();
        try
        {
            await LoadLogs(isClean);
        }
        catch (StorageException e) when (isClean && e is not LogDirFailureException)
        {
            await CloseAgain(directory);
            throw;
        }

        if (decisions.MarkerRemoval == MarkerRemoval.AfterLoading) await RemoveMarker();

        // Partitions deleted before a crash must not leave offsets behind for later ones of their name.
        await directory.BoundCleaned();
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
        directory.HasOpenLogs = true;
        directory.CleanedUpTo = await directory.CleanerOffsets.Read();
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
        var path = $"{directory.Path}/{name}";
        if (TopicNames.IsStrayDirectory(name))
        {
            _log.LogWarning("{Path} holds a partition's log that was set aside because the cluster wanted none here; it is left alone. Delete it once nobody misses it", path);
            return null;
        }

        if (TopicNames.ParseDirectory(name) is { } partition && await IsDirectory(path))
        {
            if (!LogFiles.IsForeign(await _node.Disk.List(path))) return partition;
            _log.LogError("{Path} has the name of a partition's directory, but holds no file of a partition; it is left alone. Move it out of the log directory", path);
            return null;
        }

        if (!LogFiles.IsOwn(name)) _log.LogWarning("{Path} is no partition's directory, nor a file of this broker's; it is left alone", path);
        return null;
    }

    /// <summary>True for what can be listed. Opening it would not tell: a file that may not be written is refused as a directory is.</summary>
    private async LoopTask<bool> IsDirectory(string path)
    {
        try
        {
            await _node.Disk.List(path);
            return true;
        }
        catch (DiskException e) when (e.Error == DiskError.NotFound)
        {
            return false; // a file, or a link to nothing; an error of the device is not taken for one
        }
    }
}
