using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Simulator.Engine.Simulations;

/// <summary>Seeds as they are written: a count ("200": seeds 1 to 200) or a range ("17..40").</summary>
public static class SeedRange
{
    private const ulong MaxSeeds = 10_000_000;

    /// <summary>The seeds in ascending order.</summary>
    /// <exception cref="ArgumentException">Neither a count nor a range.</exception>
    public static IReadOnlyList<ulong> Parse(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var first = dots < 0 ? 1 : ParseOne(text[..dots]);
        var last = ParseOne(dots < 0 ? text : text[(dots + 2)..]);
        if (first > last || last - first >= MaxSeeds) throw new ArgumentException($"'{text}' names no seeds: give a count such as 200 or an ascending range such as 17..40, of at most {MaxSeeds} seeds.");
        return Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + (ulong)i).ToList();
    }

    /// <summary>One seed.</summary>
    /// <exception cref="ArgumentException">Not a whole number.</exception>
    public static ulong ParseOne(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw new ArgumentException($"'{text}' is no seed: give a whole number.");
}
