using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly poll-skip: from one poll to the next a consumer jumps ahead over offsets of a partition, without a seek between them. Where logs are compacted or deleted from, every offset between must be one that may be gone.</summary>
public sealed class PollSkip(ClientHistory history, LawfulHoles? holes = null) : Validation
{
    /// <inheritdoc/>
    public override string Name => "poll-skip";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => !s.IsInternal && s.Next.Offset > s.One.Offset + 1 && holes?.Explain(s.One, s.Next) != true).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} read {one.Partition} offset {one.Offset} and next {next.Offset}" : null;
    }
}
