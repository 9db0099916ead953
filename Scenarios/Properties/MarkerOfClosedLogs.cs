using System.Linq;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>
/// S15, of starts: no marker of an orderly stop stands in the directory of a broker that loads its logs. A crash would leave it there, and
/// the next start would believe what nobody has closed (KAFKA-10471).
/// </summary>
public sealed class MarkerOfClosedLogs(ClusterObservation cluster) : Invariant
{
    private const string Marker = ".kafka_cleanshutdown";

    /// <inheritdoc/>
    public override string Name => "S15-MarkerOfClosedLogs";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        foreach (var broker in cluster.Brokers)
        {
            if (!broker.IsLoading) continue;
            foreach (var directory in broker.OpenDirectories)
            {
                if (broker.Machine.Disk.PeekNames(directory).Contains(Marker)) return $"broker {broker.Id} loads its logs while {directory}/{Marker} says that they are closed";
            }
        }

        return null;
    }
}
