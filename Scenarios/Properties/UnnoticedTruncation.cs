using System.Collections.Generic;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>KIP-320: a consumer that has read a record which an unclean election has lost hears of it before it reads what came in its place.</summary>
public sealed class UnnoticedTruncation(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "unnoticed-truncation";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var last = new Dictionary<(string Consumer, string Partition, int Position), ReadOperation>();
        foreach (var read in history.Reads)
        {
            var key = (read.Consumer, read.Partition, read.Position);
            if (last.TryGetValue(key, out var before) && history.IsLost(before) && !history.IsLost(read))
                return $"{read.Consumer} read '{before.Value}' at {read.Partition} offset {before.Offset}, which was lost, and went on with '{read.Value}' at {read.Offset} as if nothing had happened";
            last[key] = read;
        }

        return null;
    }
}
