using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>How an operation of an afflicted disk goes wrong.</summary>
public enum DiskTroubleKind
{
    /// <summary>A read fails with <see cref="DiskError.Io"/>.</summary>
    ReadError,

    /// <summary>A write fails with <see cref="DiskError.Io"/> after any prefix of it has been written; a change of length fails and has changed nothing.</summary>
    WriteError,

    /// <summary>A sync of a file fails with <see cref="DiskError.Io"/>, and what it was to make durable never will be, though reads may still show it.</summary>
    SyncError,

    /// <summary>A sync says that it has ended, and has made nothing durable.</summary>
    LyingSync,

    /// <summary>Opening, listing, making, renaming or deleting fails with <see cref="DiskError.Io"/> and has changed nothing.</summary>
    NameError,

    /// <summary>A write that makes its file grow fails with <see cref="DiskError.NoSpace"/> after any prefix of it has been written.</summary>
    NoSpace,

    /// <summary>A read gives fewer bytes than were asked for and are there.</summary>
    ShortRead,

    /// <summary>A write reaches the file in two steps, with time between them: a crash leaves the first.</summary>
    ShortWrite,

    /// <summary>A write ends well, but its bytes stand at another place; the place that was meant keeps what it had.</summary>
    MisdirectedWrite,
}

/// <summary>A trouble that befalls some operations of a disk.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Rate">The share of the operations that it befalls, from 0 to 1.</param>
/// <param name="Path">Only operations on files whose path begins so; empty for all.</param>
/// <param name="Outcome">Seed of the draws: which operations, how much of them.</param>
public sealed record DiskTrouble(DiskTroubleKind Kind, double Rate, string Path, ulong Outcome);

/// <summary>The troubles in force on one disk. Asked before each operation, so it is nothing but a look at a number while there are none.</summary>
internal sealed class DiskTroubles
{
    private readonly List<(FaultEffect Effect, DiskTrouble Trouble, RandomStream Random)> _inForce = [];

    /// <summary>False while all goes well.</summary>
    public bool Any { get; private set; }

    public FaultEffect Begin(DiskTrouble trouble)
    {
        var effect = new FaultEffect(End);
        _inForce.Add((effect, trouble, new RandomStream(trouble.Outcome)));
        Any = true;
        return effect;
    }

    public void Clear()
    {
        _inForce.Clear();
        Any = false;
    }

    /// <summary>The stream of a trouble of that kind that befalls this operation, for its further draws; null if none does.</summary>
    public RandomStream? Befalling(DiskTroubleKind kind, string path)
    {
        var relative = path.AsSpan().TrimStart('/');
        foreach (var (_, trouble, random) in _inForce)
        {
            if (trouble.Kind == kind && relative.StartsWith(trouble.Path, StringComparison.Ordinal) && random.Chance(trouble.Rate)) return random;
        }

        return null;
    }

    private void End(FaultEffect effect)
    {
        _inForce.RemoveAll(t => t.Effect == effect);
        Any = _inForce.Count > 0;
    }
}
