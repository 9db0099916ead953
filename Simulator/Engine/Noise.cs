using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>Where a stream of draws begins.</summary>
/// <param name="State">The number from which it grows; null for a stream without noise.</param>
public readonly record struct StreamStart(ulong? State)
{
    /// <summary>A stream without noise: see <see cref="RandomStream.Quiet"/>.</summary>
    public static StreamStart Quiet => new(null);

    /// <summary>True for a stream without noise.</summary>
    public bool IsQuiet => State is null;
}

/// <summary>
/// All streams of draws of a world by name: grown from a seed, or each from the start that it is given. Keeps note of what was drawn
/// from, so that a run can be written down without its seed.
/// </summary>
public sealed class Noise
{
    /// <summary>Stands for all streams that are not named.</summary>
    public const string Others = "*";

    private readonly Dictionary<string, (StreamStart Start, RandomStream Stream)> _open = new(StringComparer.Ordinal);
    private readonly Func<string, StreamStart> _startOf;

    private Noise(Func<string, StreamStart> startOf) => _startOf = startOf;

    /// <summary>Streams that the seed alone determines.</summary>
    public static Noise Of(ulong seed) => new(name => new StreamStart(RandomStream.StartOf(seed, name)));

    /// <summary>
    /// Streams that begin where they are said to. One that is not named begins as <see cref="Others"/> says; without that, where its
    /// name alone says.
    /// </summary>
    public static Noise Of(IReadOnlyDictionary<string, StreamStart> starts) => new(name =>
        starts.TryGetValue(name, out var start) || starts.TryGetValue(Others, out start) ? start : new StreamStart(RandomStream.StartOf(0, name)));

    /// <summary>Where those streams began from which something was drawn, noisy ones only, in ordinal order of their names.</summary>
    public IReadOnlyDictionary<string, StreamStart> Drawn
    {
        get
        {
            var drawn = new SortedDictionary<string, StreamStart>(StringComparer.Ordinal);
            foreach (var (name, (start, stream)) in _open)
            {
                if (start.State is { } state && !stream.IsFreshFrom(state)) drawn.Add(name, start);
            }

            return drawn;
        }
    }

    /// <summary>The stream of that name: the same one each time.</summary>
    public RandomStream Open(string name)
    {
        if (_open.TryGetValue(name, out var open)) return open.Stream;
        var start = _startOf(name);
        var stream = start.State is { } state ? new RandomStream(state) : RandomStream.Quiet();
        _open[name] = (start, stream);
        return stream;
    }
}
