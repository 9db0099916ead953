using System;
using System.Collections.Generic;

namespace Reference.Rpc.Configuration;

/// <summary>Finds the name that someone probably meant: the least edit distance (Levenshtein), if it is small enough.</summary>
public static class NearestName
{
    /// <summary>The nearest of the names, the first one of equals; null if none is near.</summary>
    public static string? Of(string given, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = Math.Max(3, given.Length / 3) + 1;
        foreach (var name in names)
        {
            var distance = Distance(given, name);
            if (distance >= bestDistance) continue;
            best = name;
            bestDistance = distance;
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
