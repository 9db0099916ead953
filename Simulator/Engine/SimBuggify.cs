using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>
/// Decides which named points are active in this run (a quarter of them) and how often an active one fires (one call in
/// twenty), each from a stream of its own.
/// </summary>
public sealed class SimBuggify(Noise noise, bool enabled) : IBuggify
{
    private const double ActiveProbability = 0.25;
    private const double FireProbability = 0.05;
    private readonly Dictionary<string, Point> _points = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _declared = new(StringComparer.Ordinal);

    /// <summary>Hits by point; a point that was declared or asked but never fired stands with 0.</summary>
    public IReadOnlyDictionary<string, long> Hits
    {
        get
        {
            var hits = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var name in _declared) hits[name] = 0;
            foreach (var (name, point) in _points) hits[name] = point.Hits;
            return hits;
        }
    }

    /// <summary>Set to false when the faults are to end.</summary>
    public bool IsOn { get; set; } = enabled;

    /// <summary>The point exists, asked or not.</summary>
    public void Declare(string point) => _declared.Add(point);

    /// <inheritdoc/>
    public bool Fires(string point)
    {
        if (!IsOn) return false;
        if (!_points.TryGetValue(point, out var state))
        {
            var stream = noise.Open("buggify/" + point);
            _points[point] = state = new Point(stream, stream.Chance(ActiveProbability));
        }

        if (!state.Active || !state.Stream.Chance(FireProbability)) return false;
        state.Hits++;
        return true;
    }

    private sealed class Point(RandomStream stream, bool active)
    {
        public RandomStream Stream { get; } = stream;

        public bool Active { get; } = active;

        public long Hits { get; set; }
    }
}
