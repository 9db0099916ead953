using System.Collections.Generic;
using System.Globalization;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// An offset for each partition of a log directory, one line "topic partition offset" each: <c>recovery-point-offset-checkpoint</c>,
/// <c>replication-offset-checkpoint</c>, <c>log-start-offset-checkpoint</c>.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="path">Path of the file.</param>
/// <param name="remedy">What an operator can do when it is damaged, as one sentence.</param>
public sealed class OffsetCheckpoint(IDisk disk, string path, string remedy)
{
    private readonly LoopLock _writing = new();

    /// <summary>Path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>What was written last; empty if there is no file.</summary>
    /// <exception cref="CorruptCheckpointException">The file is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask<SortedDictionary<TopicPartition, long>> Read()
    {
        var offsets = new SortedDictionary<TopicPartition, long>();
        foreach (var (line, fields) in await CheckpointFile.Read(disk, Path, 3, remedy) ?? [])
        {
            var partition = (int)CheckpointFile.Number(Path, line, fields[1], remedy);
            var offset = CheckpointFile.Number(Path, line, fields[2], remedy);
            if (!TopicNames.IsValid(fields[0]) || partition < 0 || offset < 0) throw new CorruptCheckpointException(Path, line, "the partition or offset cannot exist.", remedy);
            if (!offsets.TryAdd(new TopicPartition(fields[0], partition), offset)) throw new CorruptCheckpointException(Path, line, $"{fields[0]}-{partition} stands twice.", remedy);
        }

        return offsets;
    }

    /// <summary>Replaces the file durably; writers follow one another.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask Write(System.Func<SortedDictionary<TopicPartition, long>> offsets)
    {
        await _writing.Acquire();
        try
        {
            var lines = new List<string>();
            foreach (var (partition, offset) in offsets()) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}"));
            await CheckpointFile.Write(disk, Path, lines);
        }
        finally
        {
            _writing.Release();
        }
    }
}

/// <summary>The leader epochs of one partition, one line "epoch start-offset" each.</summary>
internal static class LeaderEpochCheckpoint
{
    private const string Remedy = "Delete the file: the epochs are read from the log again.";

    public static async LoopTask<IReadOnlyList<EpochEntry>?> Read(IDisk disk, string path)
    {
        var lines = await CheckpointFile.Read(disk, path, 2, Remedy);
        if (lines is null) return null;
        var entries = new List<EpochEntry>();
        foreach (var (line, fields) in lines)
        {
            var entry = new EpochEntry((int)CheckpointFile.Number(path, line, fields[0], Remedy), CheckpointFile.Number(path, line, fields[1], Remedy));
            if (entries.Count > 0 && (entries[^1].Epoch >= entry.Epoch || entries[^1].Offset >= entry.Offset)) throw new CorruptCheckpointException(path, line, "epochs and offsets do not increase.", Remedy);
            entries.Add(entry);
        }

        return entries;
    }

    public static LoopTask Write(IDisk disk, string path, IReadOnlyList<EpochEntry> entries)
    {
        var lines = new List<string>();
        foreach (var entry in entries) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.Epoch} {entry.Offset}"));
        return CheckpointFile.Write(disk, path, lines);
    }
}
