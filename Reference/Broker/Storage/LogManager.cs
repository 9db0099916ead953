using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage.Cleaning;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// The logs of a broker over its log directories. Order of use: <see cref="VerifyIdentity"/>, <see cref="Load"/>,
/// <see cref="Start"/>, …, <see cref="Shutdown"/>; after a crash just the first three again.
/// </summary>
public sealed partial class LogManager
{
    private readonly Node _node;
    private readonly Func<string, LogConfig> _configOf;
    private readonly LogDecisions _decisions;
    private readonly LogManagerOptions _options;
    private readonly List<LogDirectory> _directories = [];
    private readonly LoopLock _creating = new();
    private readonly LoopPromise<Nothing> _stopped = new();
    private readonly ILogger _log;

    /// <summary>Makes a manager; nothing is touched yet.</summary>
    /// <param name="node">The process it runs in.</param>
    /// <param name="paths">Paths of the log directories (<c>log.dirs</c>).</param>
    /// <param name="configOf">The configuration of a topic's logs.</param>
    /// <param name="options">Intervals.</param>
    /// <param name="decisions">The decisions; those of Kafka by default.</param>
    public LogManager(Node node, IReadOnlyList<string> paths, Func<string, LogConfig> configOf, LogManagerOptions? options = null, LogDecisions? decisions = null)
    {
        _node = node;
        _configOf = configOf;
        _options = options ?? new LogManagerOptions();
        _decisions = decisions ?? LogDecisions.Kafka;
        _log = node.Logs.CreateLogger("storage");
        Cleaner = new LogCleaner(node, this, _options.Cleaner);
        foreach (var path in paths) _directories.Add(new LogDirectory(node, path, directory => FailedDirectories.Send(directory)));
    }

    /// <summary>The log directories.</summary>
    public IReadOnlyList<LogDirectory> Directories => _directories;

    /// <summary>Directories that went offline, each once, for replication to give up their partitions.</summary>
    public LoopMailbox<LogDirectory> FailedDirectories { get; } = new();

    /// <summary>True if <see cref="Load"/> found a directory without the marker of an orderly stop, so that logs had to be recovered.</summary>
    public bool HadUncleanShutdown { get; private set; }

    /// <summary>True while a directory has logs that were loaded, or begin to be, and are not closed in order.</summary>
    public bool HasOpenLogs => _directories.Exists(d => d.HasOpenLogs);

    /// <summary>The directories of which that is true, by their paths.</summary>
    public IReadOnlyList<string> DirectoriesWithOpenLogs => [.. _directories.Where(d => d.HasOpenLogs).Select(d => d.Path)];

    /// <summary>Compacts logs.</summary>
    public LogCleaner Cleaner { get; }

    /// <summary>True once no directory is left: the broker must halt.</summary>
    public bool AllOffline => _directories.TrueForAll(d => !d.IsOnline);

    /// <summary>All logs of the directories that are online, in the order of their partitions.</summary>
    public IReadOnlyList<PartitionLog> Logs => _directories.Where(d => d.IsOnline).SelectMany(d => d.Logs.Values).OrderBy(log => log.Partition).ToArray();

    /// <summary>
    /// Makes the directories where they are missing, checks that they belong to this broker and cluster, and locks them; new ones are
    /// marked, but none before all have been checked.
    /// </summary>
    /// <exception cref="LogDirInUseException">Another broker uses one.</exception>
    /// <exception cref="InconsistentBrokerIdException">One belongs to another broker.</exception>
    /// <exception cref="InconsistentClusterIdException">One belongs to another cluster.</exception>
    /// <exception cref="CorruptCheckpointException">A <c>meta.properties</c> cannot be read.</exception>
    /// <exception cref="LogDirFailureException">No directory can be used.</exception>
    public async LoopTask VerifyIdentity(int brokerId, string clusterId)
    {
        var wanted = new MetaProperties(brokerId, clusterId);
        var found = await ReadIdentity();
        foreach (var (path, meta) in found) meta?.Verify(path, brokerId, clusterId);
        foreach (var directory in Online()) await Try(directory, Lock(directory));
        foreach (var directory in Online()) await Try(directory, Mark(directory, wanted));
        EnsureSomeOnline();

        async LoopTask Lock(LogDirectory directory)
        {
            await _node.Disk.CreateDirectory(directory.Path);
            await directory.Lock();
        }

        async LoopTask Mark(LogDirectory directory, MetaProperties identity)
        {
            if (!found.TryGetValue(directory.Path, out var present) || present != identity) await identity.Write(_node.Disk, directory.Path);
            await _node.Disk.SyncDirectory(DiskExtensions.ParentOf(directory.Path));
        }
    }

    /// <summary>What the directories that can be read say about whom they belong to, by path; null for those that say nothing: where generated ids are found again.</summary>
    /// <exception cref="CorruptCheckpointException">A <c>meta.properties</c> cannot be read.</exception>
    /// <exception cref="LogDirFailureException">No directory can be read.</exception>
    public async LoopTask<IReadOnlyDictionary<string, MetaProperties?>> ReadIdentity()
    {
        var found = new SortedDictionary<string, MetaProperties?>(StringComparer.Ordinal);
        foreach (var directory in Online()) await Try(directory, Read(directory));
        EnsureSomeOnline();
        return found;

        async LoopTask Read(LogDirectory directory) => found[directory.Path] = await MetaProperties.Read(_node.Disk, directory.Path);
    }

    /// <summary>True if a directory in use lacks the marker of an orderly stop, so that <see cref="Load"/> will recover its logs.</summary>
    public async LoopTask<bool> NeedsRecovery()
    {
        var needed = false;
        foreach (var directory in Online()) await Try(directory, Look(directory));
        return needed;

        async LoopTask Look(LogDirectory directory) =>
            needed |= !await _node.Disk.Exists($"{directory.Path}/{LogFiles.CleanShutdown}") && await _node.Disk.Exists($"{directory.Path}/{LogFiles.RecoveryPoints}");
    }

    /// <summary>
    /// Loads all logs, recovering those of a directory that was not closed in order. If one is refused, those that were closed in order are
    /// closed so again: the next start must not recover them.
    /// </summary>
    /// <exception cref="CorruptLogException">A log that was closed in order is damaged.</exception>
    /// <exception cref="LegacyFormatException">A log is in a format before record batches.</exception>
    /// <exception cref="CorruptCheckpointException">A checkpoint is damaged.</exception>
    /// <exception cref="DuplicateLogException">Two directories hold the same partition.</exception>
    /// <exception cref="LogDirFailureException">No directory is left online.</exception>
    public async LoopTask Load()
    {
        var clean = new List<LogDirectory>();
        try
        {
            foreach (var directory in Online()) await Try(directory, Load(directory));
            EnsureSomeOnline();
            RefuseDoubles();
        }
        catch (StorageException)
        {
            foreach (var directory in clean.Where(d => d.IsOnline)) await Try(directory, LogDirectoryLoader.CloseAgain(directory));
            throw;
        }

        async LoopTask Load(LogDirectory directory)
        {
            if (await new LogDirectoryLoader(directory, _configOf, _decisions).Load()) clean.Add(directory);
            else HadUncleanShutdown = true;
        }
    }

    /// <summary>The log of a partition; null if there is none here, or its directory is offline.</summary>
    public PartitionLog? Get(TopicPartition partition)
    {
        foreach (var directory in _directories)
        {
            if (directory.IsOnline && directory.Logs.TryGetValue(partition, out var log)) return log;
        }

        return null;
    }

    /// <summary>True if any partition of the topic has a log here, in whatever directory.</summary>
    public bool HasTopic(string topic) => _directories.Any(d => d.Logs.Keys.Any(p => p.Topic == topic));

    /// <summary>The topics of which a partition has a log here.</summary>
    public IReadOnlyList<string> Topics => [.. _directories.SelectMany(d => d.Logs.Keys).Select(p => p.Topic).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>True if the partition's log is in a directory that went offline: it must not be made anew elsewhere.</summary>
    public bool IsOffline(TopicPartition partition) => _directories.Any(d => !d.IsOnline && d.Logs.ContainsKey(partition));

    /// <summary>The log of a partition, made if need be in the online directory that holds the fewest.</summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="mayBeOffline">
    /// True if the partition is not known to be new: while a directory is offline its log may be there, and is not made anew elsewhere.
    /// </param>
    /// <exception cref="ArgumentException">The topic's name is not legal.</exception>
    /// <exception cref="ForeignFileException">A file, or a directory of somebody else, stands in the way of its directory.</exception>
    /// <exception cref="LogDirFailureException">The disk failed, or the log is, or may be, in a directory that is offline.</exception>
    public async LoopTask<PartitionLog> GetOrCreate(TopicPartition partition, bool mayBeOffline = false)
    {
        if (TopicNames.Problem(partition.Topic) is { } problem) throw new ArgumentException(problem, nameof(partition));
        if (Get(partition) is { } existing) return existing;
        await _creating.Acquire();
        try
        {
            if (Get(partition) is { } other) return other;
            foreach (var directory in _directories)
            {
                if (mayBeOffline || directory.Logs.ContainsKey(partition)) directory.EnsureOnline();
            }

            EnsureSomeOnline();
            var home = Online().MinBy(d => d.Logs.Count)!;
            return await home.Guard(Create(home, partition));
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>
    /// Deletes a partition's log: renames its directory at once, durably, to <c>topic-N.uuid-delete</c>, and deletes the files after
    /// <c>file.delete.delay.ms</c>. Nothing happens if there is none.
    /// </summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask Delete(TopicPartition partition)
    {
        if (Get(partition) is not { } log) return;
        var doomed = await Retire(log, LogFiles.DeleteDirectory);
        _node.Spawn(DeleteLater(doomed, log.Config.FileDeleteDelayMillis));
    }

    /// <summary>
    /// Gives up a log that nobody wants here, but keeps its files: renames its directory, durably, to <c>topic-N.uuid-stray</c>, as later
    /// Kafkas do, and leaves it to the operator. Nothing happens if there is none.
    /// </summary>
    /// <returns>Where the files are now; null if there was no log.</returns>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask<string?> SetAside(TopicPartition partition) =>
        Get(partition) is { } log ? await Retire(log, LogFiles.StrayDirectory) : null;

    /// <summary>Stops the background work, flushes and closes all logs, and marks the directories as closed in order.</summary>
    public async LoopTask Shutdown()
    {
        if (!_stopped.TrySetResult(default)) return;
        foreach (var directory in Online())
        {
            try
            {
                foreach (var log in directory.Logs.Values.ToArray()) await log.Close();
                await Checkpoint(directory);
                await directory.Guard(LogDirectoryLoader.WriteMarker(directory));
            }
            catch (StorageException e)
            {
                _log.LogError("{Path} is left without the marker of an orderly stop: {Message}", directory.Path, e.Message);
            }
        }
    }

    /// <summary>Lets others use the directories: after <see cref="Shutdown"/>, or a start that failed.</summary>
    public void Unlock()
    {
        foreach (var directory in _directories) directory.Unlock();
    }

    /// <summary>Closes a log and renames its directory, so that the name is free for another.</summary>
    private async LoopTask<string> Retire(PartitionLog log, string suffix)
    {
        var directory = log.Directory;
        await log.Abandon();
        directory.Logs.Remove(log.Partition);
        var random = _node.Random.Stream("log-directory-uuid");
        var uuid = new UInt128(random.NextUInt64(), random.NextUInt64());
        var path = $"{directory.Path}/{TopicNames.RetiredDirectory(log.Partition, uuid, suffix)}";
        await directory.Guard(_node.Disk.Rename(log.Path, path));
        await directory.Guard(_node.Disk.SyncDirectory(directory.Path));
        await directory.NoteCleaned(log.Partition, null);
        await Checkpoint(directory); // a log of the same name must not inherit anything
        return path;
    }

    private static async LoopTask Checkpoint(LogDirectory directory)
    {
        await directory.CheckpointRecoveryPoints();
        await directory.CheckpointLogStartOffsets();
        await directory.CheckpointHighWatermarks();
    }

    private async LoopTask<PartitionLog> Create(LogDirectory directory, TopicPartition partition)
    {
        var path = $"{directory.Path}/{partition}";
        try
        {
            await _node.Disk.CreateDirectory(path);
        }
        catch (DiskException e) when (e.Error == DiskError.AlreadyExists)
        {
            throw new ForeignFileException(path); // nothing is wrong with the disk
        }

        if (LogFiles.IsForeign(await _node.Disk.List(path))) throw new ForeignFileException(path, "Somebody else's directory");
        await directory.NoteCleaned(partition, null); // of another log of the name: nothing of this one is compacted
        var log = await LogLoader.Load(directory, partition, _configOf(partition.Topic), _decisions, isClean: false, recoveryPoint: 0, logStartOffset: 0);
        await _node.Disk.SyncDirectory(directory.Path);
        directory.Logs[partition] = log;
        return log;
    }

    private async LoopTask DeleteLater(string path, long delayMillis)
    {
        await _node.Clock.Delay(TimeSpan.FromMilliseconds(delayMillis));
        try
        {
            await _node.Disk.Delete(path);
        }
        catch (DiskException e)
        {
            _log.LogWarning("{Path} stays until the next start: {Message}", path, e.Message);
        }
    }

    /// <summary>Disk work on a directory; its failure takes that directory offline, and the others go on.</summary>
    private static async LoopTask Try(LogDirectory directory, LoopTask work)
    {
        try
        {
            await work;
        }
        catch (DiskException e)
        {
            directory.Fail(e);
        }
        catch (LogDirFailureException)
        {
            // It has been taken offline already.
        }
    }

    /// <summary>A partition moved or copied by hand: nobody knows which of its logs is the right one.</summary>
    private void RefuseDoubles()
    {
        var homes = new SortedDictionary<TopicPartition, LogDirectory>();
        foreach (var directory in Online())
        {
            foreach (var partition in directory.Logs.Keys)
            {
                if (!homes.TryAdd(partition, directory)) throw new DuplicateLogException(partition, homes[partition].Path, directory.Path);
            }
        }
    }

    private LogDirectory[] Online() => _directories.Where(d => d.IsOnline).ToArray();

    private void EnsureSomeOnline()
    {
        if (AllOffline) throw _directories[0].Failure!;
    }
}
