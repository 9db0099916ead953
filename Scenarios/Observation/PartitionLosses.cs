using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Wire.Records;

namespace Scenarios.Observation;

/// <summary>Which records of a partition its unclean elections have announced as lost.</summary>
public sealed class PartitionLosses
{
    private readonly List<UncleanElection> _elections = [];
    private readonly Dictionary<(string Value, long Offset), List<int>> _written = [];
    private readonly HashSet<(long Offset, int Epoch)> _shown = [];

    /// <summary>The unclean elections, the oldest first.</summary>
    public IReadOnlyList<UncleanElection> Elections => _elections;

    /// <summary>The last one if its leader does not lead yet: what is committed is open until then.</summary>
    public UncleanElection? Pending => _elections.Count > 0 && !_elections[^1].IsSettled ? _elections[^1] : null;

    /// <summary>The leader epoch of the last one; -1 if there was none.</summary>
    public int LastEpoch => _elections.Count > 0 ? _elections[^1].Epoch : -1;

    /// <summary>A replica outside the ISR was made leader of an epoch.</summary>
    public void Begin(int leader, int epoch) => _elections.Add(new UncleanElection(leader, epoch));

    /// <summary>A replica leads. If it is the one that was elected, and no other has been since, that takes effect now.</summary>
    /// <returns>True if it is the last unclean election that does; an earlier one matters only to who still listens to its leader.</returns>
    public bool Settle(ReplicaObservation replica)
    {
        var index = _elections.FindLastIndex(e => e.Epoch <= replica.LeaderEpoch);
        if (index < 0 || _elections[index].IsSettled || _elections[index].Leader != replica.BrokerId) return false;
        _elections[index].Settle(replica.Log);
        return index == _elections.Count - 1;
    }

    /// <summary>A batch was seen in some replica's log.</summary>
    public void Note(RecordBatch batch)
    {
        foreach (var record in batch.Records())
        {
            var key = (record.HasValue ? Encoding.UTF8.GetString(record.Value) : string.Empty, record.Offset);
            if (!_written.TryGetValue(key, out var epochs)) _written[key] = epochs = [];
            if (!epochs.Contains(batch.PartitionLeaderEpoch)) epochs.Add(batch.PartitionLeaderEpoch);
        }
    }

    /// <summary>A leader, be it one of the past, has shown its record at an offset as committed: clients may know of it from now on.</summary>
    public void NoteShown(long offset, int epoch) => _shown.Add((offset, epoch));

    /// <summary>
    /// Whether a value that was acknowledged or read at an offset is announced as lost: what the leader elected last had not, and nothing
    /// else. A replica that was passed over brings back what was lost with it if it is elected later. A value that was sent again may stand there twice, in
    /// two epochs; it is lost if all of it is that was ever shown.
    /// </summary>
    public bool Covers(string value, long offset)
    {
        if (LastSettled is not { } last || !_written.TryGetValue((value, offset), out var epochs)) return false;
        var shown = epochs.Where(epoch => _shown.Contains((offset, epoch))).ToList();
        return shown.Count > 0 && shown.All(epoch => last.Loses(epoch, offset));
    }

    /// <summary>Whether the record that was written at an offset in a leader epoch is announced as lost.</summary>
    public bool Covers(int epoch, long offset) => LastSettled?.Loses(epoch, offset) == true;

    private UncleanElection? LastSettled => _elections.FindLast(e => e.IsSettled);
}
