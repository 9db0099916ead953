using System;
using System.Collections.Generic;

namespace Simulator.Engine;

/// <summary>One cause of slowness, drift or the like, until it is ended.</summary>
public sealed class FaultEffect
{
    private readonly Action<FaultEffect> _end;

    internal FaultEffect(Action<FaultEffect> end) => _end = end;

    /// <summary>Takes this cause away; what other causes do goes on. The second call does nothing.</summary>
    public void End() => _end(this);
}

/// <summary>The causes that act on one thing at a time: the strongest holds, and the end of one leaves the others in force.</summary>
/// <param name="none">The value without any cause.</param>
/// <param name="stronger">Of two values the one that holds.</param>
/// <param name="changed">Called with the new value when it has changed.</param>
internal sealed class EffectsInForce<T>(T none, Func<T, T, T> stronger, Action<T>? changed = null)
    where T : IEquatable<T>
{
    private readonly T _none = none;
    private readonly List<(FaultEffect Effect, T Strength)> _inForce = [];

    /// <summary>What holds now.</summary>
    public T Value { get; private set; } = none;

    public FaultEffect Begin(T strength)
    {
        var effect = new FaultEffect(End);
        _inForce.Add((effect, strength));
        Refresh();
        return effect;
    }

    public void Clear()
    {
        _inForce.Clear();
        Refresh();
    }

    private void End(FaultEffect effect)
    {
        if (_inForce.RemoveAll(e => e.Effect == effect) > 0) Refresh();
    }

    private void Refresh()
    {
        var value = _none;
        foreach (var (_, strength) in _inForce) value = stronger(value, strength);
        if (value.Equals(Value)) return;
        Value = value;
        changed?.Invoke(value);
    }
}
