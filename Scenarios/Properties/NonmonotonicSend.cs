using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly nonmonotonic-send: one producer's sends to a partition, one after the other and acknowledged with acks=all, have falling offsets. Holds with one request in flight (or idempotence): else a batch that is sent again may come behind a later one.</summary>
public sealed class NonmonotonicSend(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "nonmonotonic-send";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var pair = history.SuccessiveSends().Where(s => !s.IsInternal && s.Next.Offset <= s.One.Offset).Cast<Succession<SendOperation>?>().FirstOrDefault();
        return pair is { One: var one, Next: var next } ? $"{one.Producer} sent '{one.Value}' and later '{next.Value}' to {one.Partition}, but they stand at offsets {one.Offset} and {next.Offset}" : null;
    }
}
