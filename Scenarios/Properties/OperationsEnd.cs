using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>L5: every client operation ends, with success or with an error.</summary>
public sealed class OperationsEnd(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "L5-OperationsEnd";

    /// <inheritdoc/>
    public override string? FindViolation() => history.Pending == 0 ? null : $"{history.Pending} operations have begun and not ended";
}
