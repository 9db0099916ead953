using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>S7: a record served to a consumer at an offset never changes.</summary>
public sealed class ConsistentRead(ClientHistory history) : Invariant
{
    /// <inheritdoc/>
    public override string Name => "S7-ConsistentRead";

    /// <inheritdoc/>
    public override string? FindViolation() => history.ChangedRead;
}
