using System;
using Simulator.Platform;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>Who may compact a log: one at a time, and nobody once it is about to be closed or deleted.</summary>
internal sealed class CleaningTurn
{
    private readonly LoopPromise<Nothing> _barred = new();
    private LoopPromise<Nothing>? _ended;

    /// <summary>True while the log is being compacted.</summary>
    public bool IsTaken => _ended is not null;

    /// <summary>True once the log is not to be compacted any more.</summary>
    public bool IsBarred => _barred.IsCompleted;

    /// <summary>Begins a compaction, which <see cref="End"/> ends; false if there is one, or is to be none.</summary>
    public bool TryTake()
    {
        if (IsTaken || IsBarred) return false;
        _ended = new LoopPromise<Nothing>();
        return true;
    }

    /// <summary>The compaction has ended, whatever came of it.</summary>
    public void End()
    {
        var ended = _ended;
        _ended = null;
        ended?.TrySetResult(default);
    }

    /// <summary>Lets no compaction begin from now on, and ends when the one under way has: it finds out at its next batch.</summary>
    public async LoopTask Bar()
    {
        _barred.TrySetResult(default);
        while (_ended is { } ended) await ended.Task;
    }

    /// <summary>A pause of a compaction, cut short by <see cref="Bar"/>.</summary>
    public LoopTask Pause(IClock clock, TimeSpan pause) => pause > TimeSpan.Zero ? _barred.WaitFor(clock, pause).AsVoid() : LoopTask.Completed;
}
