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
    private readonly IClock _clock;
    private readonly Dictionary<TKey, List<DelayedOperation>> _watchers = [];

    /// <summary>An empty purgatory.</summary>
    public Purgatory(IClock clock) => _clock = clock;

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
    /// Tries to complete the operation at once; otherwise watches its keys and arms its expiry. No await lies between the try and the
    /// watch, so no change can fall between them.
    /// </summary>
    /// <returns>True if it was completed at once.</returns>
    public bool TryCompleteElseWatch(DelayedOperation operation, TimeSpan timeout, IReadOnlyList<TKey> keys)
    {
        if (operation.TryComplete()) return true;
        if (timeout <= TimeSpan.Zero)
        {
            operation.Expire();
            return true;
        }

        foreach (var key in keys)
        {
            if (!_watchers.TryGetValue(key, out var list)) _watchers[key] = list = [];
            list.Add(operation);
        }

        operation.Unwatch = () => Forget(keys);
        operation.Timer = _clock.Schedule(timeout, operation.Expire);
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
