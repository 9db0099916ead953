using System;
using System.Collections.Generic;

namespace Simulator.Engine;

/// <summary>
/// What the driver of a run has decided to do at instants of virtual time: before every event of that instant, and without being an
/// event itself. A decision that comes to nothing therefore leaves no trace in a run, and a replay can leave it out.
/// </summary>
internal sealed class Decisions
{
    private readonly List<Decision> _pending = [];

    /// <summary>The instant of the next one in microseconds; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextMicros { get; private set; } = long.MaxValue;

    /// <summary>True if nothing is to be done any more.</summary>
    public bool IsEmpty => _pending.Count == 0;

    public Decision Add(long atMicros, Action action)
    {
        var decision = new Decision(this, atMicros, action);
        var index = _pending.FindLastIndex(d => d.AtMicros <= atMicros) + 1;
        _pending.Insert(index, decision);
        Refresh();
        return decision;
    }

    /// <summary>Adds one that is done before all others of its instant.</summary>
    public void AddFirst(long atMicros, Action action)
    {
        var index = _pending.FindIndex(d => d.AtMicros >= atMicros);
        _pending.Insert(index < 0 ? _pending.Count : index, new Decision(this, atMicros, action));
        Refresh();
    }

    public Action TakeNext()
    {
        var next = _pending[0];
        _pending.RemoveAt(0);
        Refresh();
        return next.Action;
    }

    internal void Remove(Decision decision)
    {
        _pending.Remove(decision);
        Refresh();
    }

    private void Refresh() => NextMicros = _pending.Count == 0 ? long.MaxValue : _pending[0].AtMicros;
}

/// <summary>Something that is to be done at an instant, unless it is cancelled before.</summary>
internal sealed class Decision(Decisions owner, long atMicros, Action action)
{
    public long AtMicros => atMicros;

    public Action Action => action;

    public void Cancel() => owner.Remove(this);
}
