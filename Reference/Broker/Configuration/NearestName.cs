using System;
using System.Collections.Generic;

namespace Reference.Broker.Configuration;

/// <summary>Finds what a misspelt name probably meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits, the first of equals; null if even that one is more than half rewritten.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(name, candidate);
            if (distance >= bestDistance) continue;
            best = candidate;
            bestDistance = distance;
        }

        return bestDistance <= Math.Max(2, name.Length / 2) ? best : null;
    }

    /// <summary>Insertions, deletions and replacements that lead from one text to the other (Levenshtein).</summary>
    internal static int Distance(string from, string to)
    {
        var previous = new int[to.Length + 1];
        var current = new int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++) previous[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
