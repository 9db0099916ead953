using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly inconsistent-offsets: an offset holds two or more values, over all sends that are promised to stay and all reads.</summary>
public sealed class InconsistentOffsets(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "inconsistent-offsets";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var values = new Dictionary<(string, long), string>();
        var claims = history.Sends.Where(s => s.IsPromised && s.Offset >= 0).Select(s => (s.Partition, s.Offset, s.Value, By: s.Producer, Did: "wrote"))
            .Concat(history.News.Where(r => !history.IsLost(r)).Select(r => (r.Partition, r.Offset, r.Value, By: r.Consumer, Did: "read")));
        foreach (var claim in claims)
        {
            if (!values.TryAdd((claim.Partition, claim.Offset), claim.Value) && values[(claim.Partition, claim.Offset)] is var other && other != claim.Value)
            {
                return $"{claim.Partition} offset {claim.Offset} holds '{other}', but {claim.By} {claim.Did} '{claim.Value}' there";
            }
        }

        return null;
    }
}
