using System;
using System.Globalization;
using Simulator.Engine.Exploration;

namespace tools.Sim.Commands;

/// <summary>A moment of a run as it is named on the command line: <c>12.5s</c>, or <c>#123456</c> for an event.</summary>
internal static class RunPointOption
{
    private const decimal MicrosPerSecond = 1_000_000;
    private const decimal LongestSeconds = 1_000_000_000;

    /// <exception cref="UsageException">Neither a time nor an event.</exception>
    public static RunPoint Parse(string text)
    {
        if (text.StartsWith('#') && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return new RunPoint(null, number);
        if (decimal.TryParse(text.AsSpan().TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestSeconds)
            return new RunPoint((long)(seconds * MicrosPerSecond), null);
        throw new UsageException($"'{text}' is no moment of a run: give a time such as 12.5s, or an event such as #123456.");
    }
}
