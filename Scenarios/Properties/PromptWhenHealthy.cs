using System;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>
/// L5, sharpened: in a cluster that has recovered an operation ends with success, and long before its timeout. Who only wakes up by
/// timeouts has lost a wake-up.
/// </summary>
public sealed class PromptWhenHealthy(ClientHistory history) : Validation
{
    /// <summary>Below the clients' request timeout, far above what distance, disks and an election by preference take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override string Name => "L5-PromptWhenHealthy";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var slow = history.Probes.FirstOrDefault(static p => p.Send.Outcome != SendOutcome.Acknowledged || p.Took > Limit);
        return slow.Send is null ? null : $"the send of {slow.Send.Value} to {slow.Send.Partition} of the healthy cluster took {slow.Took.TotalMilliseconds:0} ms and ended as {slow.Send.Outcome}";
    }
}
