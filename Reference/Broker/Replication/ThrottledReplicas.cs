using System;
using System.Globalization;

namespace Reference.Broker.Replication;

/// <summary>
/// The replicas of a topic whose replication is throttled (KIP-73): none, all, or a list of partitions and brokers. Immutable; equal if
/// their texts are.
/// </summary>
public sealed class ThrottledReplicas : IEquatable<ThrottledReplicas>
{
    private const string Wildcard = "*";
    private readonly (int Partition, int Broker)[] _listed;

    private ThrottledReplicas(string text, (int Partition, int Broker)[] listed)
    {
        Text = text;
        _listed = listed;
    }

    /// <summary>No replica.</summary>
    public static ThrottledReplicas None { get; } = new(string.Empty, []);

    /// <summary>All replicas.</summary>
    public static ThrottledReplicas All { get; } = new(Wildcard, []);

    /// <summary>As it is written: "*", or "0:101,0:102", or nothing.</summary>
    public string Text { get; }

    /// <summary>Reads a text; null if it is no such list.</summary>
    public static ThrottledReplicas? Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0) return None;
        if (trimmed == Wildcard) return All;
        var words = trimmed.Split(',', StringSplitOptions.TrimEntries);
        var listed = new (int Partition, int Broker)[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (ReadPair(words[i]) is not { } pair) return null;
            listed[i] = pair;
        }

        return new ThrottledReplicas(trimmed, listed);
    }

    /// <summary>True if the replica of a partition on a broker is throttled.</summary>
    public bool Contains(int partition, int broker) => ReferenceEquals(this, All) || Array.IndexOf(_listed, (partition, broker)) >= 0;

    /// <inheritdoc/>
    public bool Equals(ThrottledReplicas? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ThrottledReplicas);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.Length;

    private static (int Partition, int Broker)? ReadPair(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !TryRead(word.AsSpan(0, colon), out var partition) || !TryRead(word.AsSpan(colon + 1), out var broker)) return null;
        return (partition, broker);
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
