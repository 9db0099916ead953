using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly int-poll-skip: inside one poll the records of a partition jump ahead over offsets. Holds where nothing is compacted, deleted or aborted.</summary>
public sealed class InternalPollSkip(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "int-poll-skip";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => s.IsInternal && s.Next.Offset > s.One.Offset + 1).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} got {one.Partition} offset {one.Offset} and next {next.Offset} in one poll" : null;
    }
}
