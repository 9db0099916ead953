using System;
using System.Globalization;
using Simulator.Engine.Exploration;

namespace tools.Sim.Stepping;

/// <summary>What a <see cref="Station"/> can be told, a line each.</summary>
internal static class Order
{
    /// <summary>Print the state of the whole world.</summary>
    public const string Dump = "dump";

    /// <summary>Print the verdict so far, the choices, the figures, the faults.</summary>
    public const string Result = "result";

    /// <summary>Say which property failed and how: two lines, or nothing.</summary>
    public const string Verdict = "verdict";

    /// <summary>Leave.</summary>
    public const string Quit = "quit";

    /// <summary>The first word of <see cref="Copy"/>.</summary>
    public const string CopyWord = "copy";

    /// <summary>The first word of <see cref="Heed"/>.</summary>
    public const string HeedWord = "heed";

    /// <summary>The first word of <see cref="Trace"/>.</summary>
    public const string TraceWord = "trace";

    /// <summary>The first word of <see cref="Lines"/>.</summary>
    public const string LinesWord = "lines";

    private const string RunWord = "run ";

    /// <summary>Leave a copy at a place.</summary>
    public static string Copy(int number) => Words(CopyWord, number);

    /// <summary>Count only failures of one property from now on.</summary>
    public static string Heed(string property) => $"{HeedWord} {property}";

    /// <summary>Keep the last lines of the trace from now on.</summary>
    public static string Trace(int lines) => Words(TraceWord, lines);

    /// <summary>Print the last lines of the trace after an event: their number, then the lines.</summary>
    public static string Lines(int count, long since) => string.Create(CultureInfo.InvariantCulture, $"{LinesWord} {count} {since}");

    /// <summary>Run on to a moment; <c>default</c> is the end.</summary>
    public static string Run(RunPoint moment) => RunWord + moment switch
    {
        { Event: { } number } => string.Create(CultureInfo.InvariantCulture, $"#{number}"),
        { Micros: { } micros } => string.Create(CultureInfo.InvariantCulture, $"@{micros}"),
        _ => "end",
    };

    /// <summary>The moment of an order to run on; null for another order.</summary>
    public static RunPoint? MomentOf(string order)
    {
        if (!order.StartsWith(RunWord, StringComparison.Ordinal)) return null;
        var text = order.AsSpan(RunWord.Length);
        return text[0] switch
        {
            '#' => new RunPoint(null, long.Parse(text[1..], CultureInfo.InvariantCulture)),
            '@' => new RunPoint(long.Parse(text[1..], CultureInfo.InvariantCulture), null),
            _ => default(RunPoint),
        };
    }

    private static string Words(string word, long number) => string.Create(CultureInfo.InvariantCulture, $"{word} {number}");
}
