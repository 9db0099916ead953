using System;
using System.Collections.Generic;

namespace Simulator.Engine;

/// <summary>
/// Rare situations that a scenario declares and that must be reached now and then: one that many runs never reach shows that what
/// follows it is never tested. Antithesis calls them sometimes assertions.
/// </summary>
public sealed class Sometimes
{
    private readonly SortedDictionary<string, long> _hits = new(StringComparer.Ordinal);

    /// <summary>How often each declared situation was reached, in ordinal order of the names; 0 for a cold one.</summary>
    public IReadOnlyDictionary<string, long> Hits => _hits;

    /// <summary>The situation exists, reached or not.</summary>
    public void Declare(string situation) => _hits.TryAdd(situation, 0);

    /// <summary>The situation has been reached.</summary>
    /// <exception cref="InvalidOperationException">Nobody has declared it: where it stays cold it would not be missed.</exception>
    public void Reached(string situation)
    {
        if (!_hits.TryGetValue(situation, out var hits)) throw new InvalidOperationException($"The situation '{situation}' has not been declared.");
        _hits[situation] = hits + 1;
    }
}
