using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly poll-skip: from one poll to the next a consumer jumps ahead over offsets of a partition, without a seek between them. Holds where nothing is compacted, deleted or aborted.</summary>
public sealed class PollSkip(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "poll-skip";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => !s.IsInternal && s.Next.Offset > s.One.Offset + 1).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} read {one.Partition} offset {one.Offset} and next {next.Offset}" : null;
    }
}
