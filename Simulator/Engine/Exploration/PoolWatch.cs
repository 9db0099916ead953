using System;
using System.Threading;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Keeps guarded runs on several threads from being taken for one another. The thread pool counts for the whole process: that its count
/// has moved says that one of the runs of that moment leaks, not which. So a run that nothing speaks against but the count runs once
/// more, while no other does, and that one counts.
/// </summary>
internal sealed class PoolWatch : IDisposable
{
    private readonly ReaderWriterLockSlim _turns = new();

    /// <summary>Runs a seed beside others, and alone if it was only counted.</summary>
    public SeedResult Run(Func<SeedResult> run)
    {
        _turns.EnterReadLock();
        SeedResult beside;
        try
        {
            beside = run();
        }
        finally
        {
            _turns.ExitReadLock();
        }

        return beside.Failure is { WasOnlyCounted: true } ? RunAlone(run) : beside;
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private SeedResult RunAlone(Func<SeedResult> run)
    {
        _turns.EnterWriteLock();
        try
        {
            return run();
        }
        finally
        {
            _turns.ExitWriteLock();
        }
    }
}
