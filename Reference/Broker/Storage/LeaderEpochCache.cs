using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// Where each leader epoch begins in a log, mirrored in <c>leader-epoch-checkpoint</c>.
/// </summary>
/// <remarks>
/// Durability: an epoch is on disk before its first batch is written, and the log is cut durably before entries are. So the file
/// never lacks an epoch of the log; entries beyond the log's end, which a crash between the two may leave, are dropped on load.
/// </remarks>
public sealed class LeaderEpochCache
{
    private readonly IDisk _disk;
    private readonly Func<IReadOnlyList<EpochEntry>, int, long, EpochEntry> _endOffsetOf;
    private IReadOnlyList<EpochEntry> _entries;

    private LeaderEpochCache(IDisk disk, string path, IReadOnlyList<EpochEntry> entries, bool isMissing, LogDecisions decisions)
    {
        _disk = disk;
        Path = path;
        _entries = entries;
        IsMissing = isMissing;
        _endOffsetOf = decisions.EndOffsetOf;
    }

    /// <summary>Path of the checkpoint.</summary>
    public string Path { get; }

    /// <summary>Epochs with their start offsets, increasing.</summary>
    public IReadOnlyList<EpochEntry> Entries => _entries;

    /// <summary>The latest epoch; -1 if there is none.</summary>
    public int LatestEpoch => _entries.Count == 0 ? -1 : _entries[^1].Epoch;

    /// <summary>True if no file was there when it was loaded.</summary>
    internal bool IsMissing { get; }

    /// <summary>Reads the checkpoint of a partition's directory.</summary>
    /// <exception cref="CorruptCheckpointException">The file is damaged.</exception>
    public static async LoopTask<LeaderEpochCache> Load(IDisk disk, string directory, LogDecisions decisions)
    {
        var path = $"{directory}/{LogFiles.LeaderEpochs}";
        var entries = await LeaderEpochCheckpoint.Read(disk, path);
        return new LeaderEpochCache(disk, path, entries ?? [], entries is null, decisions);
    }

    /// <summary>The answer to OffsetsForLeaderEpoch: see <see cref="EpochEndOffset.Find"/>.</summary>
    public EpochEntry EndOffsetFor(int epoch, long logEndOffset) => _endOffsetOf(_entries, epoch, logEndOffset);

    /// <summary>Notes that an epoch begins at an offset; durable when it ends.</summary>
    /// <exception cref="DiskException">The checkpoint could not be written.</exception>
    internal LoopTask Assign(int epoch, long startOffset) => Store(EpochEndOffset.Assign(_entries, new EpochEntry(epoch, startOffset)));

    /// <summary>Drops what begins at or after the log's end.</summary>
    internal LoopTask TruncateFromEnd(long endOffset) => Store(EpochEndOffset.TruncateFromEnd(_entries, endOffset));

    /// <summary>Drops what ends before the log's start.</summary>
    internal LoopTask TruncateFromStart(long startOffset) => Store(EpochEndOffset.TruncateFromStart(_entries, startOffset));

    /// <summary>Drops everything.</summary>
    internal LoopTask Clear() => Store(_entries.Count == 0 ? _entries : []);

    /// <summary>Corrects what begins at or after an offset by what a scan of the batches from there on showed: see <see cref="EpochEndOffset.Reconcile"/>.</summary>
    internal LoopTask Reconcile(long fromOffset, IReadOnlyList<SeenEpoch> seen) => Store(EpochEndOffset.Reconcile(_entries, fromOffset, seen));

    /// <summary>Puts the epochs of batches below the first one known before it, which begins no earlier than they end.</summary>
    internal LoopTask Recall(IReadOnlyList<SeenEpoch> below, long end)
    {
        var seen = new List<SeenEpoch>(below);
        foreach (var entry in _entries)
            SeenEpoch.Note(seen, new SeenEpoch(entry.Epoch, entry == _entries[0] ? Math.Min(end, entry.Offset) : entry.Offset, entry.Offset));
        return Store(EpochEndOffset.Reconcile([], 0, seen));
    }

    private async LoopTask Store(IReadOnlyList<EpochEntry> entries)
    {
        if (ReferenceEquals(entries, _entries)) return;
        _entries = entries;
        await LeaderEpochCheckpoint.Write(_disk, Path, entries);
    }
}
