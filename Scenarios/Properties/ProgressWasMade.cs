using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>A run in which nothing was acknowledged has shown nothing: it fails.</summary>
public sealed class ProgressWasMade(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "progress";

    /// <inheritdoc/>
    public override string? FindViolation() => history.Acknowledged > 0 ? null : $"none of {history.Sends.Count} sends was acknowledged";
}
