using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly unseen: a value acknowledged with acks=all that the final reader, reading everything from the beginning, never saw, though neither retention nor compaction may have taken it away.</summary>
public sealed class Unseen(ClientHistory history, LawfulHoles? holes = null) : Validation
{
    /// <inheritdoc/>
    public override string Name => "unseen";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var seen = new HashSet<string>(history.Reads.Where(r => r.Consumer == ClientHistory.FinalReader).Select(r => r.Value), StringComparer.Ordinal);
        var unseen = history.Sends.FirstOrDefault(s => s.IsPromised && !seen.Contains(s.Value) && holes?.Has(s.Partition, s.Offset) != true);
        return unseen is null ? null : $"'{unseen.Value}' was acknowledged at {unseen.Partition} offset {unseen.Offset}, but the final reader never saw it";
    }
}
