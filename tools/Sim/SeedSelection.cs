using System;
using System.Collections.Generic;
using System.Globalization;

namespace tools.Sim;

/// <summary>The seeds named on the command line: a count ("200": seeds 1 to 200) or a range ("17..40").</summary>
internal static class SeedSelection
{
    private const ulong MaxSeeds = 10_000_000;

    /// <summary>The seeds in ascending order.</summary>
    /// <exception cref="UsageException">Neither a count nor a range.</exception>
    public static IReadOnlyList<ulong> Parse(string text)
    {
        var (first, last) = Bounds(text);
        if (first > last || last - first >= MaxSeeds) throw Wrong(text);
        var seeds = new List<ulong>((int)(last - first + 1));
        for (var seed = first; ; seed++)
        {
            seeds.Add(seed);
            if (seed == last) return seeds;
        }
    }

    /// <summary>One seed.</summary>
    /// <exception cref="UsageException">Not a whole number.</exception>
    public static ulong ParseOne(string text) =>
        TryParse(text, out var seed) ? seed : throw new UsageException($"'{text}' is not a seed: give a whole number from 0 to {ulong.MaxValue}.");

    private static (ulong First, ulong Last) Bounds(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0) return TryParse(text, out var count) && count > 0 ? (1UL, count) : throw Wrong(text);
        return TryParse(text[..dots], out var first) && TryParse(text[(dots + 2)..], out var last) ? (first, last) : throw Wrong(text);
    }

    private static bool TryParse(string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static UsageException Wrong(string text) =>
        new($"'{text}' names no seeds: give a count such as 200 or an ascending range such as 1..200, of at most {MaxSeeds} seeds.");
}
