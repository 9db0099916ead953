using System;
using System.Collections.Generic;

namespace Simulator.Engine;

/// <summary>How often each kind of fault was injected, what the injected ones did, and which were not allowed.</summary>
public sealed class FaultCounts
{
    private readonly SortedDictionary<string, long> _effects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _vetoes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _byKind = new(StringComparer.Ordinal);

    /// <summary>Counts by kind, in ordinal order of the kinds.</summary>
    public IReadOnlyDictionary<string, long> ByKind => _byKind;

    /// <summary>
    /// What faults did that show only now and then: operations that failed, blocks that were torn, names that were lost, … (<see cref="EffectNames"/>).
    /// What the kinds of a run declare (<see cref="Faults.Fault.Effects"/>) stands at 0 until it is reached: a kind that was injected and has
    /// no effect over many runs tests nothing.
    /// </summary>
    public IReadOnlyDictionary<string, long> Effects => _effects;

    /// <summary>Faults by kind that the <see cref="Faults.RecoverabilityMap"/> kept from destroying what must survive.</summary>
    public IReadOnlyDictionary<string, long> Vetoes => _vetoes;

    /// <summary>All faults together.</summary>
    public long Total { get; private set; }

    /// <summary>Counts one fault.</summary>
    public void Add(string kind)
    {
        _byKind[kind] = _byKind.GetValueOrDefault(kind) + 1;
        Total++;
    }

    /// <summary>Effects that are to be reached, at 0 until they are.</summary>
    public void Declare(IEnumerable<string> effects)
    {
        foreach (var effect in effects) _effects.TryAdd(effect, 0);
    }

    /// <summary>Counts something that a fault did.</summary>
    public void AddEffect(string effect) => _effects[effect] = _effects.GetValueOrDefault(effect) + 1;

    /// <summary>Counts a fault that was not allowed.</summary>
    public void AddVeto(string kind) => _vetoes[kind] = _vetoes.GetValueOrDefault(kind) + 1;
}
