using System;
using System.Collections.Generic;
using Scenarios.History;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// What clients may miss where logs are compacted or deleted from, by the ghosts of what was committed: a record below a log start that
/// some replica had, one that a later one of its key supersedes, a tombstone. Everything else must be there.
/// </summary>
public sealed class LawfulHoles
{
    private readonly SortedDictionary<string, PartitionObservation> _partitions = new(StringComparer.Ordinal);

    /// <summary>The holes of these partitions.</summary>
    public LawfulHoles(IReadOnlyList<PartitionObservation> partitions)
    {
        foreach (var partition in partitions) _partitions.Add(partition.Name, partition);
    }

    /// <summary>True if the record at an offset may be gone.</summary>
    public bool Has(string partition, long offset) => _partitions[partition].MayBeGone(offset);

    /// <summary>True if all offsets between two reads may be holes.</summary>
    public bool Explain(ReadOperation one, ReadOperation next)
    {
        var partition = _partitions[one.Partition];
        for (var offset = one.Offset + 1; offset < next.Offset; offset++)
        {
            if (!partition.MayBeGone(offset)) return false;
        }

        return true;
    }

    /// <summary>
    /// True if the offset after a read was deleted somewhere: whoever asked for it there was sent to the beginning, and another leader may
    /// have deleted less.
    /// </summary>
    public bool MayReset(ReadOperation one) => one.Offset + 1 < _partitions[one.Partition].HighestLogStart;
}
