using System.Collections.Generic;
using System.Linq;

namespace Scenarios.Observation;

/// <summary>
/// A replica outside the ISR was made leader: what it did not have is announced as lost, and nothing else. What it had is looked at when
/// it begins to lead, for until then it may go on copying from a leader of the past.
/// </summary>
/// <param name="leader">Who was elected.</param>
/// <param name="epoch">The leader epoch that began so.</param>
public sealed class UncleanElection(int leader, int epoch)
{
    private IReadOnlyList<(int Epoch, long End)>? _kept;

    /// <summary>The leader epoch that began so.</summary>
    public int Epoch => epoch;

    /// <summary>Who was elected.</summary>
    public int Leader => leader;

    /// <summary>True once the elected replica leads.</summary>
    public bool IsSettled => _kept is not null;

    /// <summary>The elected replica leads, with this log.</summary>
    public void Settle(ShadowLog log)
    {
        var kept = new List<(int Epoch, long End)>();
        for (var offset = 0L; offset < log.End; offset++)
        {
            if (kept.Count > 0 && kept[^1].Epoch == log.EpochAt(offset)) kept[^1] = (kept[^1].Epoch, offset + 1);
            else kept.Add((log.EpochAt(offset), offset + 1));
        }

        _kept = kept;
    }

    /// <summary>Whether a record that an earlier leader wrote in its epoch is announced as lost. In one epoch an offset has one record.</summary>
    public bool Loses(int writtenIn, long offset) =>
        _kept is { } kept && writtenIn < epoch && kept.Where(k => offset < k.End).Select(k => (int?)k.Epoch).FirstOrDefault() != writtenIn;
}
