using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly int-nonmonotonic-poll: inside one poll the records of a partition go back or stand still.</summary>
public sealed class InternalNonmonotonicPoll(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "int-nonmonotonic-poll";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => s.IsInternal && s.Next.Offset <= s.One.Offset).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} got {one.Partition} offset {one.Offset} and then {next.Offset} in one poll" : null;
    }
}
