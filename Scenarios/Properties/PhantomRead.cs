using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly phantom-read: a value is read in a partition that nobody has sent to that very partition. Whether the send may have had its effect is <see cref="AbortedRead"/>'s to say.</summary>
public sealed class PhantomRead(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "phantom-read";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var sent = new HashSet<(string, string)>(history.Sends.Select(s => (s.Partition, s.Value)));
        foreach (var read in history.News)
        {
            if (!sent.Contains((read.Partition, read.Value))) return $"{read.Consumer} read '{read.Value}' at {read.Partition} offset {read.Offset}, but nobody sent it there";
        }

        return null;
    }
}
