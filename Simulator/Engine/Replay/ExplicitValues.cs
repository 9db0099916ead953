using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Simulator.Engine.Replay;

/// <summary>
/// Values by name as they stand in a file, read with their bounds: numbers in the invariant culture, flags as <c>yes</c> and
/// <c>no</c>, spans and ranges of spans in whole microseconds (<c>300</c>, <c>300..7000</c>).
/// </summary>
/// <param name="values">The texts by name.</param>
/// <param name="owner">What they belong to, as the subject of a sentence.</param>
public sealed class ExplicitValues(IReadOnlyDictionary<string, string> values, string owner)
{
    private const string Dots = "..";
    private readonly SortedSet<string> _unread = new(values.Keys, StringComparer.Ordinal);

    /// <summary>A number as a text.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A flag as a text.</summary>
    public static string Of(bool flag) => flag ? "yes" : "no";

    /// <summary>A span as a text, in whole microseconds.</summary>
    public static string Of(TimeSpan span) => Of((long)span.TotalMicroseconds);

    /// <summary>A range of spans as a text, in whole microseconds.</summary>
    public static string Of(Range<TimeSpan> range) => Of(range.Min) + Dots + Of(range.Max);

    /// <summary>True if there is a value of this name.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>A text.</summary>
    /// <exception cref="ReplayException">It is missing.</exception>
    public string Text(string name)
    {
        _unread.Remove(name);
        return values.TryGetValue(name, out var value) ? value : throw new ReplayException($"{owner} lacks the value '{name}'.");
    }

    /// <summary>A text that must be one of a few.</summary>
    /// <exception cref="ReplayException">It is missing or another.</exception>
    public string OneOf(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name);
        foreach (var word in words)
        {
            if (text == word) return text;
        }

        throw Misfit(name, text, $"must be one of: {string.Join(", ", words!)}");
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="ReplayException">It is missing, no whole number, or out of range.</exception>
    public int Number(string name, int min, int max)
    {
        var text = Text(name);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
            throw Misfit(name, text, $"must be a whole number from {Of(min)} to {Of(max)}");
        return number;
    }

    /// <summary>A flag.</summary>
    /// <exception cref="ReplayException">It is missing, or neither yes nor no.</exception>
    public bool Flag(string name) => OneOf(name, "yes", "no") == "yes";

    /// <summary>A span.</summary>
    /// <exception cref="ReplayException">It is missing, no number of microseconds, or too long.</exception>
    public TimeSpan Span(string name) => SpanOf(name, Text(name));

    /// <summary>A range of spans.</summary>
    /// <exception cref="ReplayException">It is missing, or not of the form 'min..max'.</exception>
    public Range<TimeSpan> Spans(string name)
    {
        var text = Text(name);
        if (text.Split(Dots) is not [var min, var max]) throw Misfit(name, text, "must be of the form 'min..max' in microseconds");
        var range = new Range<TimeSpan>(SpanOf(name, min), SpanOf(name, max));
        return range.Min <= range.Max ? range : throw Misfit(name, text, "ends before it begins");
    }

    /// <summary>Makes sure that every value has been asked for: one that nobody knows is a slip of whoever edited the file.</summary>
    /// <exception cref="ReplayException">One was not.</exception>
    public void EnsureAllRead()
    {
        if (_unread.Count > 0) throw new ReplayException($"{owner} has a value '{_unread.First()}' that nothing knows.");
    }

    private TimeSpan SpanOf(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) && micros <= (long)LongestSpan.Value.TotalMicroseconds
            ? TimeSpan.FromMicroseconds(micros)
            : throw Misfit(name, text, $"must be a whole number of microseconds, at most {LongestSpan.Words}");

    private ReplayException Misfit(string name, string value, string problem) => new($"{owner} does not fit: its value '{name}' with '{value}' {problem}.");
}
