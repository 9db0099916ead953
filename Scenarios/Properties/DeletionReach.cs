using System;
using System.Collections.Generic;
using Scenarios.History;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// Below which offset somebody has asked for the deletion of all. Who means the high watermark means at most what is committed before his
/// request is carried out. That it no longer can be is known when he is answered; else some time after he has given up, or after the
/// cluster was healed: a leader that hung with his request may go on that late.
/// </summary>
/// <param name="history">What was asked for.</param>
/// <param name="nowMicros">Virtual time, in microseconds.</param>
/// <param name="longestHang">How long a machine may hang.</param>
public sealed class DeletionReach(ClientHistory history, Func<long> nowMicros, TimeSpan longestHang)
{
    // What a request takes on its way, and in the queue of one that has just awoken.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<RecordDeletion, Reach> _reaches = [];
    private long? _healedAt;

    /// <summary>All faults end now.</summary>
    public void NoteHealing() => _healedAt = nowMicros();

    /// <summary>The offset below which everything of a partition may go. To be asked whenever the partition has changed.</summary>
    public long Of(PartitionObservation partition)
    {
        long offset = 0;
        foreach (var deletion in history.Deletions)
        {
            if (deletion.Partition == partition.Name) offset = Math.Max(offset, deletion.Offset >= 0 ? deletion.Offset : OfAll(deletion, partition.Committed.End));
        }

        return offset;
    }

    private long OfAll(RecordDeletion deletion, long committed)
    {
        if (!_reaches.TryGetValue(deletion, out var reach)) _reaches.Add(deletion, reach = new Reach { Offset = committed });
        if (reach.IsFinal) return reach.Offset;
        if (deletion.HasEnded) reach.EndedAt ??= nowMicros();
        reach.IsFinal = deletion.IsDone || (reach.EndedAt is { } ended && nowMicros() > LastMoment(ended));
        if (!reach.IsFinal) reach.Offset = committed;
        return reach.Offset;
    }

    private long LastMoment(long ended)
    {
        var patience = (long)s_patience.TotalMicroseconds;
        var hanging = ended + patience + (long)longestHang.TotalMicroseconds;
        return _healedAt is { } healed ? Math.Min(hanging, Math.Max(ended, healed) + patience) : hanging;
    }

    /// <summary>How far one deletion of everything may go.</summary>
    private sealed class Reach
    {
        public long Offset { get; set; }

        public long? EndedAt { get; set; }

        public bool IsFinal { get; set; }
    }
}
