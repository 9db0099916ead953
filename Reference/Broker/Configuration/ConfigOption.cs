using System;
using System.Globalization;

namespace Reference.Broker.Configuration;

/// <summary>One option of a configuration: its name, what it takes and means, and how its text becomes a typed value.</summary>
/// <typeparam name="TConfig">The typed configuration.</typeparam>
/// <param name="Name">Kafka's name.</param>
/// <param name="Type">Type of the value, as Kafka's documentation names it.</param>
/// <param name="Default">The default as text; empty where there is none.</param>
/// <param name="Expected">What a value must be, to complete "expected is …".</param>
/// <param name="Documentation">What it does.</param>
/// <param name="Apply">The configuration with the value in it; null if the text is no such value.</param>
public sealed record ConfigOption<TConfig>(
    string Name,
    string Type,
    string Default,
    string Expected,
    string Documentation,
    Func<TConfig, string, TConfig?> Apply)
    where TConfig : class;

/// <summary>Makes options of the usual types.</summary>
internal static class ConfigOption
{
    public static ConfigOption<T> Int<T>(string name, int fallback, int min, int max, string doc, Func<T, int, T> set)
        where T : class => new(
        name,
        "int",
        Text(fallback),
        $"a whole number from {Text(min)} to {Text(max)}",
        doc,
        (config, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? set(config, value) : null);

    public static ConfigOption<T> Long<T>(string name, long fallback, long min, string doc, Func<T, long, T> set)
        where T : class => new(
        name,
        "long",
        Text(fallback),
        $"a whole number not below {Text(min)}",
        doc,
        (config, text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min ? set(config, value) : null);

    public static ConfigOption<T> Boolean<T>(string name, bool fallback, string doc, Func<T, bool, T> set)
        where T : class => new(
        name,
        "boolean",
        fallback ? "true" : "false",
        "true or false",
        doc,
        (config, text) => text switch { "true" => set(config, true), "false" => set(config, false), _ => null });

    public static ConfigOption<T> Parsed<T>(string name, string type, string fallback, string expected, string doc, Func<T, string, T?> apply)
        where T : class => new(name, type, fallback, expected, doc, apply);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
