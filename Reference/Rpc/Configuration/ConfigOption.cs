using System;
using System.Collections.Generic;
using System.Globalization;

namespace Reference.Rpc.Configuration;

/// <summary>One option of a configuration: its name, its documentation, and how its text is read. Immutable.</summary>
public abstract class ConfigOption(string name, string type, string expected, string documentation)
{
    /// <summary>The name as in Kafka's configuration files, e.g. <c>linger.ms</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What its values are, for messages and help: "int", "boolean", "one of earliest, latest, none".</summary>
    public string Type { get; } = type;

    /// <summary>What a value must be, to complete "expected is …": "true or false".</summary>
    public string Expected { get; } = expected;

    /// <summary>One sentence for people.</summary>
    public string Documentation { get; } = documentation;

    /// <summary>The default as text.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Reads a value; null, and a complaint, if the text is no such value or not an allowed one.</summary>
    internal abstract object? Read(string text, out string complaint);

    /// <summary>A whole number of 32 bits between two bounds, both allowed.</summary>
    public static ConfigOption<int> Int32(string name, int defaultValue, string documentation, int min = int.MinValue, int max = int.MaxValue) =>
        new(
            name,
            "int",
            defaultValue,
            documentation,
            static t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null,
            v => BoundComplaint(v, min, max, int.MinValue, int.MaxValue),
            expected: string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    /// <summary>A whole number of 64 bits between two bounds, both allowed.</summary>
    public static ConfigOption<long> Int64(string name, long defaultValue, string documentation, long min = long.MinValue, long max = long.MaxValue) =>
        new(
            name,
            "long",
            defaultValue,
            documentation,
            static t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null,
            v => BoundComplaint(v, min, max, long.MinValue, long.MaxValue),
            expected: string.Create(CultureInfo.InvariantCulture, $"a whole number {(max == long.MaxValue ? $"not below {min}" : $"from {min} to {max}")}"));

    /// <summary>A number of milliseconds that becomes a span; from <paramref name="minMs"/> on.</summary>
    public static ConfigOption<TimeSpan> Milliseconds(string name, long defaultMs, string documentation, long minMs = 0)
    {
        var maxMs = (long)TimeSpan.MaxValue.TotalMilliseconds - 1;
        return new(
            name,
            "milliseconds",
            TimeSpan.FromMilliseconds(defaultMs),
            documentation,
            static t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) && Math.Abs(v / 2) < (long)TimeSpan.MaxValue.TotalMilliseconds / 2
                ? TimeSpan.FromMilliseconds(v)
                : null,
            v => BoundComplaint((long)v.TotalMilliseconds, minMs, maxMs, long.MinValue, long.MaxValue),
            static v => ((long)v.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"a whole number of milliseconds from {minMs} to {maxMs}"));
    }

    /// <summary>true or false.</summary>
    public static ConfigOption<bool> Boolean(string name, bool defaultValue, string documentation) =>
        new(name, "boolean", defaultValue, documentation, static t => bool.TryParse(t, out var v) ? v : null, print: static v => v ? "true" : "false", expected: "true or false");

    /// <summary>Any text that <paramref name="check"/> has nothing against.</summary>
    public static ConfigOption<string> Text(string name, string defaultValue, string documentation, Func<string, string?>? check = null, string? expected = null) =>
        new(name, "string", defaultValue, documentation, static t => t, check, expected: expected);

    /// <summary>One of some words, each standing for a value; letter case is ignored.</summary>
    public static ConfigOption<T> OneOf<T>(string name, T defaultValue, string documentation, params (string Word, T Value)[] words)
        where T : notnull
    {
        string WordOf(T value) => Array.Find(words, w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word;
        object? Parse(string text)
        {
            var index = Array.FindIndex(words, w => string.Equals(w.Word, text, StringComparison.OrdinalIgnoreCase));
            return index < 0 ? null : words[index].Value;
        }

        return new(name, "one of " + string.Join(", ", Array.ConvertAll(words, static w => w.Word)), defaultValue, documentation, Parse, print: WordOf);
    }

    /// <summary>Comma-separated words, each trimmed and read by <paramref name="parse"/>, which gives null for a bad one.</summary>
    public static ConfigOption<IReadOnlyList<T>> ListOf<T>(string name, string type, IReadOnlyList<T> defaultValue, string documentation, Func<string, object?> parse)
        where T : notnull
    {
        object? Parse(string text)
        {
            var items = new List<T>();
            foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (parse(word) is not T item) return null;
                items.Add(item);
            }

            return items;
        }

        return new(name, type, defaultValue, documentation, Parse, print: static v => string.Join(",", v));
    }

    private static string? BoundComplaint(long value, long min, long max, long lowest, long highest)
    {
        if (value >= min && value <= max) return null;
        if (max == highest) return $"at least {min} is required";
        return min == lowest ? $"at most {max} is allowed" : $"between {min} and {max} is required";
    }
}
