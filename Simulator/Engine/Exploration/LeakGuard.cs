using System.Threading;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Notices work that ran on the thread pool while a world was running: simulated code has no business there. The counter is the
/// whole process's, so guard only where nothing else uses the pool meanwhile; runs that are guarded side by side need a <see cref="PoolWatch"/>.
/// </summary>
public sealed class LeakGuard
{
    private const int MaxSpins = 2_000;
    private readonly SimWorld _world;
    private readonly long _before;

    /// <summary>Begins to watch a world that is about to run.</summary>
    public LeakGuard(SimWorld world)
    {
        _world = world;
        LeakListener.Watch(world, LeakWatch.Note);
        _before = ThreadPool.CompletedWorkItemCount;
    }

    /// <summary>The leak as a failure of property <c>no-leak</c>, or null.</summary>
    public SimFailure? Finish()
    {
        var wait = new SpinWait();
        while (ThreadPool.PendingWorkItemCount > 0 && wait.Count < MaxSpins) wait.SpinOnce();
        var count = ThreadPool.CompletedWorkItemCount - _before;
        var witness = _world.NotedLeak;
        return count == 0 && witness is null
            ? null
            : new SimFailure("no-leak", $"{count} work items ran on the thread pool during the run: something uses Task.Run, a BCL timer, ContinueWith, Parallel or ConfigureAwait(false). Use the node's loop and clock.{(witness is null ? string.Empty : $" The first: {witness}")}", null) { WasOnlyCounted = witness is null };
    }
}
