using System;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>
/// Waiting times that grow exponentially and are spread by a random jitter, so that peers who lost the same server do not all
/// come back at once.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan _initial;
    private readonly TimeSpan _max;
    private readonly double _multiplier;
    private readonly double _jitter;
    private readonly RandomStream _random;

    /// <summary>
    /// The n-th wait is initial · multiplier^n, at most <paramref name="max"/>, times a factor in
    /// [1 − <paramref name="jitter"/>, 1 + <paramref name="jitter"/>).
    /// </summary>
    public Backoff(TimeSpan initial, TimeSpan max, RandomStream random, double multiplier = 2.0, double jitter = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(initial, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, initial);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1.0);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1.0);
        _initial = initial;
        _max = max;
        _multiplier = multiplier;
        _jitter = jitter;
        _random = random;
    }

    /// <summary>Waits taken since the last <see cref="Reset"/>.</summary>
    public int Attempts { get; private set; }

    /// <summary>The next waiting time.</summary>
    public TimeSpan Next()
    {
        var wait = _initial.TotalMicroseconds;
        for (var i = 0; i < Attempts && wait < _max.TotalMicroseconds; i++) wait *= _multiplier;
        wait = Math.Min(wait, _max.TotalMicroseconds);
        Attempts++;
        var factor = 1.0 - _jitter + 2.0 * _jitter * _random.NextDouble();
        return TimeSpan.FromMicroseconds((long)(wait * factor));
    }

    /// <summary>Begins again at the initial wait: something has succeeded.</summary>
    public void Reset() => Attempts = 0;
}
