using System;
using System.Collections.Generic;

namespace Simulator.Engine.Replay;

/// <summary>One piece of a workload as it can stand in a file. What its words mean is the scenario's affair.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Actor">Who does it.</param>
/// <param name="What">What is done.</param>
/// <param name="Parameters">Everything else by name, in ordinal order of the names.</param>
public sealed record PlannedOperation(TimeSpan At, string Actor, string What, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>An operation with these parameters.</summary>
    public static PlannedOperation Of(TimeSpan at, string actor, string what, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters) sorted.Add(name, value);
        return new PlannedOperation(at, actor, what, sorted);
    }

    /// <summary>The parameters, for reading them with their bounds.</summary>
    public ExplicitValues Values => new(Parameters, $"An operation '{What}' of '{Actor}'");
}
