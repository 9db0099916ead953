using System;
using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S13: compaction moves and changes no record, takes none that has not been committed and none younger than min.compaction.lag.ms,
/// keeps a tombstone for delete.retention.ms, and leaves of every key what the log said of it: its latest record, or, if that is a
/// tombstone, that or nothing at all. Looked at whenever a replica exchanges segments, against what stood there before; so a replica
/// that never saw a tombstone, because its leader had compacted it away, may keep what it deletes. Clocks are believed: they must not be
/// tampered with. (Abort status and markers follow with transactions.)
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
            if (!replica.IsRunning || replica.Log.BeforeRewrite is not { } before || _judged.GetValueOrDefault(replica) == replica.Log.Readings) continue;
            _judged[replica] = replica.Log.Readings;
            if ((FindWrongChange(partition, replica, before) ?? FindWrongTable(replica.Log, before)) is { } violation) return $"on broker {replica.BrokerId} {violation}";
        }

        return null;
    }

    private static string? FindWrongChange(PartitionObservation partition, ReplicaObservation replica, ShadowCopy before)
    {
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
        if (!gone.IsTombstone || gone.Identity != committed.IdentityAt(offset) || committed.IsSuperseded(offset)) return null;
        var kept = replica.WallMillis - committed.SeenMillis(offset);
        return kept < partition.Upkeep.DeleteRetentionMillis
            ? $"compaction took the tombstone at offset {offset} away {kept} ms after its commit, but delete.retention.ms is {partition.Upkeep.DeleteRetentionMillis}"
            : null;
    }

    private static string? FindWrongTable(ShadowLog log, ShadowCopy before)
    {
        var (start, end) = (Math.Max(log.Start, before.First), Math.Min(before.End, log.End));
        var (was, now) = (LatestOf(before.At, start, end), LatestOf(log.At, start, end));
        foreach (var (key, offset) in was)
        {
            var isTombstone = before.At(offset).IsTombstone;
            var isThere = now.TryGetValue(key, out var latest);
            if (isThere && latest == offset) continue;
            if (!isTombstone) return $"compaction took the record at offset {offset} away, the latest of its key";
            if (isThere && !log.At(latest).IsTombstone) return $"compaction took the tombstone at offset {offset} away, the latest of its key, but left the record at offset {latest} that it deletes";
        }

        return null;
    }

    private static Dictionary<ulong, long> LatestOf(Func<long, ShadowRecord> at, long start, long end)
    {
        var latest = new Dictionary<ulong, long>();
        for (var offset = start; offset < end; offset++)
        {
            if (at(offset) is { IsHeld: true, Key: not 0 } record) latest[record.Key] = offset;
        }

        return latest;
    }
}
