using System;
using System.Collections.Generic;
using System.Globalization;

namespace Reference.Rpc.Configuration;

/// <summary>One option of a configuration: its name, its documentation, and how its text is read. Immutable.</summary>
public abstract class ConfigOption(string name, string type, string documentation)
{
    /// <summary>The name as in Kafka's configuration files, e.g. <c>linger.ms</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What its values are, for messages and help: "int", "boolean", "one of earliest, latest, none".</summary>
    public string Type { get; } = type;

    /// <summary>One sentence for people.</summary>
    public string Documentation { get; } = documentation;

    /// <summary>The default as text.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Reads a value.</summary>
    /// <exception cref="ConfigException">The text is no such value, or not an allowed one.</exception>
    internal abstract object ParseBoxed(string text);

    internal abstract object DefaultBoxed { get; }

    /// <summary>A whole number of 32 bits between two bounds, both allowed.</summary>
    public static ConfigOption<int> Int32(string name, int defaultValue, string documentation, int min = int.MinValue, int max = int.MaxValue) =>
        new(name, "int", defaultValue, documentation, t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null, Between(min, max));

    /// <summary>A whole number of 64 bits between two bounds, both allowed.</summary>
    public static ConfigOption<long> Int64(string name, long defaultValue, string documentation, long min = long.MinValue, long max = long.MaxValue) =>
        new(name, "long", defaultValue, documentation, t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null, Between(min, max));

    /// <summary>A number of milliseconds that becomes a span; from <paramref name="minMs"/> on.</summary>
    public static ConfigOption<TimeSpan> Milliseconds(string name, long defaultMs, string documentation, long minMs = 0)
    {
        var check = Between(minMs, (long)TimeSpan.MaxValue.TotalMilliseconds - 1);
        return new(
            name,
            "milliseconds",
            TimeSpan.FromMilliseconds(defaultMs),
            documentation,
            t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) && Math.Abs(v / 2) < (long)TimeSpan.MaxValue.TotalMilliseconds / 2
                ? TimeSpan.FromMilliseconds(v)
                : null,
            v => check((long)v.TotalMilliseconds),
            v => ((long)v.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>true or false.</summary>
    public static ConfigOption<bool> Boolean(string name, bool defaultValue, string documentation) =>
        new(name, "boolean", defaultValue, documentation, t => bool.TryParse(t, out var v) ? v : null, static _ => null, static v => v ? "true" : "false");

    /// <summary>Any text that <paramref name="check"/> has nothing against.</summary>
    public static ConfigOption<string> Text(string name, string defaultValue, string documentation, Func<string, string?>? check = null) =>
        new(name, "string", defaultValue, documentation, static t => t, check ?? (static _ => null));

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

        return new(name, "one of " + string.Join(", ", Array.ConvertAll(words, static w => w.Word)), defaultValue, documentation, Parse, static _ => null, WordOf);
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

        return new(name, type, defaultValue, documentation, Parse, static _ => null, static v => string.Join(",", v));
    }

    private static Func<int, string?> Between(int min, int max) => v => BoundComplaint(v, min, max, int.MinValue, int.MaxValue);

    private static Func<long, string?> Between(long min, long max) => v => BoundComplaint(v, min, max, long.MinValue, long.MaxValue);

    private static string? BoundComplaint(long value, long min, long max, long lowest, long highest)
    {
        if (value >= min && value <= max) return null;
        if (max == highest) return $"at least {min} is required";
        return min == lowest ? $"at most {max} is allowed" : $"between {min} and {max} is required";
    }
}

/// <summary>An option whose values are of type <typeparamref name="T"/>.</summary>
public sealed class ConfigOption<T> : ConfigOption
    where T : notnull
{
    private readonly Func<string, object?> _parse;
    private readonly Func<T, string?> _check;
    private readonly Func<T, string> _print;

    /// <summary>Defines an option.</summary>
    /// <param name="name">Name in files.</param>
    /// <param name="type">What its values are, in words.</param>
    /// <param name="defaultValue">The value where none is given.</param>
    /// <param name="documentation">One sentence.</param>
    /// <param name="parse">Reads a trimmed text; null if it is no such value.</param>
    /// <param name="check">A complaint about a value that is not allowed, or null.</param>
    /// <param name="print">The text of a value; its ToString by default.</param>
    public ConfigOption(string name, string type, T defaultValue, string documentation, Func<string, object?> parse, Func<T, string?> check, Func<T, string>? print = null)
        : base(name, type, documentation)
    {
        Default = defaultValue;
        _parse = parse;
        _check = check;
        _print = print ?? (static v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? string.Empty);
    }

    /// <summary>The value where none is given.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override string DefaultText => _print(Default);

    internal override object DefaultBoxed => Default;

    /// <summary>Gives the value back if it is allowed.</summary>
    /// <exception cref="ConfigException">It is not.</exception>
    public T Check(T value) => _check(value) is { } complaint
        ? throw new ConfigException(Name, $"The option {Name} cannot be \"{_print(value)}\": {complaint}.")
        : value;

    /// <summary>Reads and checks a value.</summary>
    /// <exception cref="ConfigException">The text is no such value, or not an allowed one.</exception>
    public T Parse(string text) => _parse(text.Trim()) is T value
        ? Check(value)
        : throw new ConfigException(Name, $"The option {Name} cannot be \"{text}\": its type is {Type}.");

    internal override object ParseBoxed(string text) => Parse(text);
}
