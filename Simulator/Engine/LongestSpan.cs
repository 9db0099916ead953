using System;

namespace Simulator.Engine;

/// <summary>
/// The bound of all spans and instants that a file may state, so that sums of a few of them can be reckoned with: no run comes near it.
/// </summary>
internal static class LongestSpan
{
    /// <summary>The bound in words.</summary>
    public const string Words = "366 days";

    /// <summary>The bound.</summary>
    public static readonly TimeSpan Value = TimeSpan.FromDays(366);
}
