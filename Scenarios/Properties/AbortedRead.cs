using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly aborted-read (G1a): a value is read whose send was told that it had failed for good. Sends of unknown outcome may be read. (Aborts follow with transactions.)</summary>
public sealed class AbortedRead(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "aborted-read";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var failed = new Dictionary<(string, string), string>();
        foreach (var send in history.Sends.Where(s => s.Outcome == SendOutcome.Failed)) failed[(send.Partition, send.Value)] = send.Producer;
        foreach (var read in history.News)
        {
            if (failed.TryGetValue((read.Partition, read.Value), out var producer)) return $"{read.Consumer} read '{read.Value}' at {read.Partition} offset {read.Offset}, but {producer} was told that its send had failed";
        }

        return null;
    }
}
