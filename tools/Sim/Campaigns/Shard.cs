using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace tools.Sim.Campaigns;

/// <summary>
/// One of the parts into which the seeds of a campaign are dealt like cards, so that every part sees early and late seeds: shard i
/// of n has the i-th seed, the (i+n)-th, and so on. Counted from 1.
/// </summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Number of shards.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Everything in one part.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads "i/n".</summary>
    /// <exception cref="UsageException">Not of that form, or i is not between 1 and n.</exception>
    public static Shard Parse(string text)
    {
        if (text.Split('/') is not [var first, var second] || !TryNumber(first, out var index) || !TryNumber(second, out var count))
        {
            throw new UsageException($"'{text}' is no shard: give i/n, such as 2/8.");
        }

        return count >= 1 && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new UsageException($"Shard {text} does not exist: shards count from 1 to n.");
    }

    /// <summary>The seeds of this shard.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all) => Count == 1 ? all : all.Where((_, position) => position % Count == Index - 1).ToList();

    /// <summary>
    /// Whether a thing of this name is this shard's. The name alone decides (by its FNV-1a hash), not its place in a list: shards whose
    /// lists differ deal it to one of them all the same.
    /// </summary>
    public bool Has(string name) => Count == 1 || Fnv1a(name) % (ulong)Count == (ulong)(Index - 1);

    /// <summary>"i/n".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static ulong Fnv1a(string name)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 0x100000001b3UL;
        return hash;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
