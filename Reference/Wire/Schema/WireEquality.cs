using System;
using System.Collections.Generic;

namespace Reference.Wire.Schema;

/// <summary>Comparisons by content for the generated equality of messages.</summary>
public static class WireEquality
{
    /// <summary>Equal bytes, or both absent.</summary>
    public static bool Same(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left is { } a && right is { } b ? a.Span.SequenceEqual(b.Span) : left is null && right is null;

    /// <summary>Equal element by element, or both absent.</summary>
    public static bool Same<T>(List<T>? left, List<T>? right)
    {
        if (left is null || right is null)
            return left is null && right is null;
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(left[i], right[i]))
                return false;
        }

        return true;
    }
}
