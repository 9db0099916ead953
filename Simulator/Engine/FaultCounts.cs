using System;
using System.Collections.Generic;

namespace Simulator.Engine;

/// <summary>How often each kind of fault was injected.</summary>
public sealed class FaultCounts
{
    private readonly SortedDictionary<string, long> _byKind = new(StringComparer.Ordinal);

    /// <summary>Counts by kind, in ordinal order of the kinds.</summary>
    public IReadOnlyDictionary<string, long> ByKind => _byKind;

    /// <summary>All faults together.</summary>
    public long Total { get; private set; }

    /// <summary>Counts one fault.</summary>
    public void Add(string kind)
    {
        _byKind[kind] = _byKind.GetValueOrDefault(kind) + 1;
        Total++;
    }
}
