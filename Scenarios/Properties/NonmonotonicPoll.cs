using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly nonmonotonic-poll: two consecutive reads of one consumer from one position go back or stand still.</summary>
public sealed class NonmonotonicPoll(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "nonmonotonic-poll";

    /// <inheritdoc/>
    public override string? FindViolation() => history.Runs().Select(FindIn).FirstOrDefault(v => v is not null);

    private static string? FindIn(System.Collections.Generic.IReadOnlyList<ReadOperation> run)
    {
        for (var i = 1; i < run.Count; i++)
        {
            if (run[i].Offset <= run[i - 1].Offset) return $"{run[i].Consumer} read {run[i].Partition} offset {run[i - 1].Offset} and then {run[i].Offset}";
        }

        return null;
    }
}
