namespace Reference.Wire;

/// <summary>An inclusive range of API versions; empty when <paramref name="Max"/> is below <paramref name="Min"/>.</summary>
/// <param name="Min">First version.</param>
/// <param name="Max">Last version; <see cref="short.MaxValue"/> when unbounded.</param>
public readonly record struct VersionRange(short Min, short Max)
{
    /// <summary>The empty range.</summary>
    public static VersionRange None => new(0, -1);

    /// <summary>True when no version lies in it.</summary>
    public bool IsEmpty => Max < Min;

    /// <summary>Tells whether a version lies in the range.</summary>
    public bool Contains(short version) => version >= Min && version <= Max;

    /// <summary>The versions that both ranges hold: what two peers can speak.</summary>
    public VersionRange Intersect(VersionRange other) =>
        new(Min > other.Min ? Min : other.Min, Max < other.Max ? Max : other.Max);

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "none" : Max == short.MaxValue ? $"{Min}+" : $"{Min}-{Max}";
}
