using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly poll-skip: two consecutive reads of one consumer from one position jump ahead over offsets. Holds where nothing is compacted, deleted or aborted.</summary>
public sealed class PollSkip(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "poll-skip";

    /// <inheritdoc/>
    public override string? FindViolation() => history.Runs().Select(FindIn).FirstOrDefault(v => v is not null);

    private static string? FindIn(System.Collections.Generic.IReadOnlyList<ReadOperation> run)
    {
        for (var i = 1; i < run.Count; i++)
        {
            if (run[i].Offset > run[i - 1].Offset + 1) return $"{run[i].Consumer} read {run[i].Partition} offset {run[i - 1].Offset} and next {run[i].Offset}";
        }

        return null;
    }
}
