using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly int-nonmonotonic-send: records that a producer was given together for one partition, acknowledged with acks=all, have falling offsets. Holds with one request in flight (or idempotence): a burst may fill several batches.</summary>
public sealed class InternalNonmonotonicSend(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "int-nonmonotonic-send";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.SuccessiveSends().Where(s => s.IsInternal && s.Next.Offset <= s.One.Offset).Cast<Succession<SendOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Producer} sent '{one.Value}' and '{next.Value}' in one burst to {one.Partition}, but they stand at offsets {one.Offset} and {next.Offset}" : null;
    }
}
