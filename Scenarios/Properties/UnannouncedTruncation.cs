using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>A consumer is told that what it has read was cut off (KIP-320) only where an unclean election took place.</summary>
public sealed class UnannouncedTruncation(ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "unannounced-truncation";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var wrong = history.Truncations.Where(t => !t.IsAnnounced).Cast<TruncationNotice?>().FirstOrDefault();
        return wrong is { } notice ? $"{notice.Consumer} was told that {notice.Partition} was cut ({notice.Message}), but nobody was elected from outside the ISR" : null;
    }
}
