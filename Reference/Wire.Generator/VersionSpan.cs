using System.Globalization;

namespace Reference.Wire.Generator;

/// <summary>An inclusive range of versions as the attributes write it: <c>"3"</c>, <c>"0-4"</c>, <c>"2+"</c> or <c>"none"</c>.</summary>
/// <param name="Min">First version.</param>
/// <param name="Max">Last version; <see cref="Open"/> when unbounded, less than <paramref name="Min"/> when empty.</param>
internal sealed record VersionSpan(int Min, int Max)
{
    /// <summary>The upper bound of "n+".</summary>
    public const int Open = short.MaxValue;

    public static readonly VersionSpan None = new(0, -1);

    public bool IsEmpty => Max < Min;

    /// <summary>Parses the attribute text; null when it is malformed.</summary>
    public static VersionSpan? Parse(string? text)
    {
        if (text is null)
            return null;
        if (text == "none")
            return None;
        if (text.EndsWith("+", System.StringComparison.Ordinal))
            return Number(text.Substring(0, text.Length - 1)) is int from ? new VersionSpan(from, Open) : null;
        var dash = text.IndexOf('-');
        if (dash < 0)
            return Number(text) is int only ? new VersionSpan(only, only) : null;
        return Number(text.Substring(0, dash)) is int min && Number(text.Substring(dash + 1)) is int max && min <= max
            ? new VersionSpan(min, max)
            : null;
    }

    public bool Contains(VersionSpan other) => other.IsEmpty || (Min <= other.Min && other.Max <= Max);

    public VersionSpan Intersect(VersionSpan other) =>
        new(System.Math.Max(Min, other.Min), System.Math.Min(Max, other.Max));

    /// <summary>The C# condition "version lies in this span", given that it lies in <paramref name="known"/>.</summary>
    public string Condition(VersionSpan known)
    {
        var shared = Intersect(known);
        if (shared.IsEmpty)
            return "false";
        var low = shared.Min > known.Min ? $"version >= {Text(shared.Min)}" : null;
        var high = shared.Max < known.Max ? $"version <= {Text(shared.Max)}" : null;
        if (low is not null && high is not null)
            return shared.Min == shared.Max ? $"version == {Text(shared.Min)}" : $"{low} && {high}";
        return low ?? high ?? "true";
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < Open ? value : null;
}
