using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly nonmonotonic-poll: from one poll to the next a consumer goes back in a partition or stands still, without a seek between them, nor a deletion of what came next, after which it is sent to the beginning of the present leader's log.</summary>
public sealed class NonmonotonicPoll(ClientHistory history, LawfulHoles? holes = null) : Validation
{
    /// <inheritdoc/>
    public override string Name => "nonmonotonic-poll";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => !s.IsInternal && s.Next.Offset <= s.One.Offset && holes?.MayReset(s.One) != true).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} read {one.Partition} offset {one.Offset} and then {next.Offset}" : null;
    }
}
