using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace tools.Benchmarks.Budgets;

/// <summary>How much virtual time one operation of each benchmark has gone through. Benchmarks run in this process, so that a static field carries it.</summary>
public static class SimulatedTime
{
    private static readonly Dictionary<string, TimeSpan> s_byMethod = new(StringComparer.Ordinal);

    /// <summary>Called by a benchmark about its present operation.</summary>
    public static void Note(TimeSpan simulated, [CallerMemberName] string method = "") => s_byMethod[method] = simulated;

    /// <summary>What the method's last operation has noted, or null.</summary>
    public static TimeSpan? Of(string method) => s_byMethod.TryGetValue(method, out var simulated) ? simulated : null;
}
