using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly int-poll-skip: inside one poll the records of a partition jump ahead over offsets. Where logs are compacted or deleted from, every offset between must be one that may be gone.</summary>
public sealed class InternalPollSkip(ClientHistory history, LawfulHoles? holes = null) : Validation
{
    /// <inheritdoc/>
    public override string Name => "int-poll-skip";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.Leaps().Where(s => s.IsInternal && s.Next.Offset > s.One.Offset + 1 && holes?.Explain(s.One, s.Next) != true).Cast<Succession<ReadOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Consumer} got {one.Partition} offset {one.Offset} and next {next.Offset} in one poll" : null;
    }
}
