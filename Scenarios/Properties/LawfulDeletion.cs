using System;
using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// Of a log's beginning goes only what its policy says: records older than retention.ms, as many as the rest of the log is not smaller
/// than retention.bytes without them, and those below an offset up to which somebody asked for their deletion; none that has not been
/// committed. Looked at wherever a log start passes all that any replica had before, by the records' timestamps and sizes on the
/// replica's disk; the others may follow it. Clocks are believed: they must not be tampered with. Not verified: that what the policy says
/// goes in time, and what compaction takes from the middle (S13).
/// </summary>
public sealed class LawfulDeletion(IReadOnlyList<PartitionObservation> partitions, DeletionReach requests) : PartitionInvariant(partitions)
{
    private readonly Dictionary<PartitionObservation, long> _starts = [];

    /// <inheritdoc/>
    public override string Name => "lawful-deletion";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        var requested = requests.Of(partition);
        foreach (var replica in partition.Replicas)
        {
            var from = _starts.GetValueOrDefault(partition);
            if (!replica.IsRunning || replica.LogStart <= from) continue;
            if (FindUnlawful(partition, replica, Math.Max(from, requested)) is { } violation) return $"broker {replica.BrokerId} {violation}";
            _starts[partition] = replica.LogStart;
        }

        return null;
    }

    private static string? FindUnlawful(PartitionObservation partition, ReplicaObservation replica, long from)
    {
        var upkeep = partition.Upkeep;
        var rest = replica.Log.BytesFrom(replica.LogStart);
        for (var offset = from; offset < replica.LogStart; offset++)
        {
            if (offset >= partition.Committed.End && !upkeep.Compacts) return $"deleted the record at offset {offset}, but nothing at or above {partition.Committed.End} has been committed";
            if (RecordAt(partition, replica, offset) is not { IsHeld: true } record) continue;
            var age = replica.WallMillis - record.TimestampMillis;
            if (upkeep.RetentionMillis > 0 && age > upkeep.RetentionMillis) continue;
            if (upkeep.RetentionBytes > 0 && rest >= upkeep.RetentionBytes) continue;
            return $"deleted the record at offset {offset}, {age} ms old, and has {rest} bytes left from {replica.LogStart} on, but {Policy(upkeep)} and nobody asked for it";
        }

        return null;
    }

    // It stood in the replica's log, of which the beginning is not forgotten at once. If it is, what was committed stood there, unless compaction had taken it away.
    private static ShadowRecord RecordAt(PartitionObservation partition, ReplicaObservation replica, long offset)
    {
        if (offset >= replica.Log.First && offset < replica.Log.End) return replica.Log.At(offset);
        return offset < partition.Committed.End && !partition.Upkeep.Compacts ? partition.Committed.At(offset) : default;
    }

    private static string Policy(LogUpkeep upkeep) => (upkeep.RetentionMillis, upkeep.RetentionBytes) switch
    {
        (0, 0) => "nothing goes by age or size",
        (var millis, 0) => $"retention.ms is {millis}",
        (0, var bytes) => $"retention.bytes is {bytes}",
        var (millis, bytes) => $"retention.ms is {millis} and retention.bytes {bytes}",
    };
}
