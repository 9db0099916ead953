using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Purgatory;

/// <summary>
/// Holds delayed operations by the keys they watch. A change of a key tries its operations; what is not completed so expires on the
/// node's clock. Operations under one key are tried in the order they came.
/// </summary>
/// <typeparam name="TKey">What can change: a partition.</typeparam>
public sealed class Purgatory<TKey>
    where TKey : notnull
{
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(10);
    private readonly Node _node;
    private readonly bool _triesOnceWatched;
    private readonly Dictionary<TKey, List<DelayedOperation>> _watchers = [];

    /// <summary>An empty purgatory.</summary>
    /// <param name="node">Whose clock expires the operations.</param>
    /// <param name="triesOnceWatched">Whether an operation is tried again when it is watched; only a mutant does without.</param>
    public Purgatory(Node node, bool triesOnceWatched = true)
    {
        _node = node;
        _triesOnceWatched = triesOnceWatched;
    }

    /// <summary>Operations that wait and are not completed; each counts once per key.</summary>
    public int Watched
    {
        get
        {
            var count = 0;
            foreach (var list in _watchers.Values)
            {
                foreach (var operation in list)
                {
                    if (!operation.IsCompleted) count++;
                }
            }

            return count;
        }
    }

    /// <summary>
    /// Tries to complete the operation at once; otherwise watches its keys and arms its expiry. Lists of watchers may belong to another
    /// loop than the caller's, so a change may fall between the try and the watch: it is tried once more (KAFKA-6653).
    /// </summary>
    /// <returns>True if it was completed at once.</returns>
    public async LoopTask<bool> TryCompleteElseWatch(DelayedOperation operation, TimeSpan timeout, IReadOnlyList<TKey> keys)
    {
        if (operation.TryComplete()) return true;
        if (timeout <= TimeSpan.Zero)
        {
            operation.Expire();
            return true;
        }

        if (_node.Buggify("purgatory-watches-late")) await _node.Clock.Delay(s_late);
        foreach (var key in keys)
        {
            if (!_watchers.TryGetValue(key, out var list)) _watchers[key] = list = [];
            list.Add(operation);
        }

        operation.Unwatch = () => Forget(keys);
        if (_triesOnceWatched && operation.TryComplete()) return true;
        operation.Timer = _node.Clock.Schedule(timeout, operation.Expire);
        return false;
    }

    /// <summary>Something about a key changed: tries all operations that watch it.</summary>
    /// <returns>How many were completed.</returns>
    public int CheckAndComplete(TKey key)
    {
        if (!_watchers.TryGetValue(key, out var list)) return 0;
        var completed = 0;
        foreach (var operation in list.ToArray()) // a completion may add new operations
        {
            if (operation.TryComplete()) completed++;
        }

        return completed;
    }

    /// <summary>An operation completed by one of its keys must not linger under the others, which may never change.</summary>
    private void Forget(IReadOnlyList<TKey> keys)
    {
        foreach (var key in keys)
        {
            if (!_watchers.TryGetValue(key, out var list)) continue;
            list.RemoveAll(static o => o.IsCompleted);
            if (list.Count == 0) _watchers.Remove(key);
        }
    }
}
