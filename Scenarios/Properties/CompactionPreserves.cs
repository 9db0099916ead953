using System;
using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S13: compaction moves and changes no record, takes none that has not been committed and none younger than
/// min.compaction.lag.ms, keeps a tombstone for delete.retention.ms, and leaves of every key the latest committed record; of a key
/// whose latest is a tombstone, that or nothing at all. Looked at whenever a replica's segments are others than before. Excused: a
/// replica that never held a tombstone, because it was compacted away before the replica fetched so far: delete.retention.ms bounds
/// how far behind a replica may be. Clocks are believed: they must not be tampered with. (Abort status and markers follow with
/// transactions.)
/// </summary>
public sealed class CompactionPreserves(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    private readonly Dictionary<ReplicaObservation, int> _judged = [];

    /// <inheritdoc/>
    public override string Name => "S13-CompactionPreserves";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        if (!partition.Upkeep.Compacts) return null;
        foreach (var replica in partition.Replicas)
        {
            if (!replica.IsRunning || _judged.GetValueOrDefault(replica) == replica.Log.Readings) continue;
            _judged[replica] = replica.Log.Readings;
            if ((FindWrongChange(partition, replica) ?? FindWrongTable(partition, replica)) is { } violation) return $"on broker {replica.BrokerId} {violation}";
        }

        return null;
    }

    private static string? FindWrongChange(PartitionObservation partition, ReplicaObservation replica)
    {
        if (replica.Log.BeforeRewrite is not { } before) return null;
        var log = replica.Log;
        for (var offset = Math.Max(log.Start, before.First); offset < Math.Min(before.End, log.End); offset++)
        {
            var (was, now) = (before.At(offset), log.At(offset));
            if (was == now) continue;
            if (now.IsHeld) return was.IsHeld ? $"compaction changed the record at offset {offset}" : $"compaction put a record at offset {offset}, where none was";
            if (FindHaste(partition, replica, offset, was) is { } haste) return haste;
        }

        return null;
    }

    private static string? FindHaste(PartitionObservation partition, ReplicaObservation replica, long offset, ShadowRecord gone)
    {
        var committed = partition.Committed;
        if (offset >= committed.End) return $"compaction took the record at offset {offset} away, but nothing at or above {committed.End} has been committed";
        var age = replica.WallMillis - gone.TimestampMillis;
        if (age < partition.Upkeep.MinCompactionLagMillis) return $"compaction took the record at offset {offset} away after {age} ms, but min.compaction.lag.ms is {partition.Upkeep.MinCompactionLagMillis}";
        if (!gone.IsTombstone || committed.IsSuperseded(offset)) return null;
        var kept = replica.WallMillis - committed.SeenMillis(offset);
        return kept < partition.Upkeep.DeleteRetentionMillis
            ? $"compaction took the tombstone at offset {offset} away {kept} ms after its commit, but delete.retention.ms is {partition.Upkeep.DeleteRetentionMillis}"
            : null;
    }

    private static string? FindWrongTable(PartitionObservation partition, ReplicaObservation replica)
    {
        var (log, committed) = (replica.Log, partition.Committed);
        var end = Math.Min(log.End, committed.End);
        var held = new Dictionary<ulong, long>();
        for (var offset = log.Start; offset < end; offset++)
        {
            if (log.At(offset) is { IsHeld: true } record) held[record.Key] = offset;
        }

        foreach (var (key, offset) in committed.LatestOfKeys)
        {
            if (offset < log.Start || offset >= end || log.At(offset).IsHeld) continue;
            if (!committed.At(offset).IsTombstone) return $"compaction took the record at offset {offset} away, the latest of its key";
            if (held.TryGetValue(key, out var earlier) && !log.WasSkipped(offset))
                return $"compaction took the tombstone at offset {offset} away, the latest of its key, but left the record at offset {earlier} that it deletes";
        }

        return null;
    }
}
