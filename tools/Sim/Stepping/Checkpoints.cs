using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Stepping;

/// <summary>
/// The checkpoints of a run in order, evenly spaced however long it proves: when there are too many, every second one goes, and those to
/// come are twice as far apart.
/// </summary>
/// <param name="beginning">The run before its first event; it always stays.</param>
/// <param name="most">How many there may be.</param>
/// <param name="spacing">Events between two, as long as the run is short.</param>
internal sealed class Checkpoints(Checkpoint beginning, int most, long spacing)
{
    private readonly List<Checkpoint> _all = [beginning];

    /// <summary>Events between two.</summary>
    public long Spacing { get; private set; } = spacing;

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The number of the event after which the next one is due.</summary>
    public long NextEvent => (_all[^1].Event / Spacing * Spacing) + Spacing;

    /// <summary>Adds the next one.</summary>
    /// <returns>Those that have to go for it.</returns>
    public IReadOnlyList<Checkpoint> Add(Checkpoint next)
    {
        _all.Add(next);
        if (_all.Count <= most) return [];
        Spacing *= 2;
        return Remove(c => c.Event % Spacing != 0);
    }

    /// <summary>Takes away those after an event, from the last one kept.</summary>
    /// <returns>Those that have to go.</returns>
    public IReadOnlyList<Checkpoint> CutAt(long number) => Remove(c => c.Event >= number && c.Event > 0);

    /// <summary>The last one before a moment, or an earlier one.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="earlier">By how many.</param>
    public Checkpoint LastBefore(RunPoint moment, int earlier = 0)
    {
        var last = _all.FindLastIndex(c => c.IsBefore(moment));
        return _all[int.Max(0, last - earlier)];
    }

    private List<Checkpoint> Remove(System.Predicate<Checkpoint> goes)
    {
        var gone = _all.Where(c => goes(c)).ToList();
        _all.RemoveAll(goes);
        return gone;
    }
}
