using System;

namespace Simulator.Engine;

/// <summary>Why a run failed.</summary>
/// <param name="Property">The name of the property that broke.</param>
/// <param name="Message">The offending state, in words.</param>
/// <param name="Exception">The exception behind it, if there was one.</param>
public sealed record SimFailure(string Property, string Message, Exception? Exception)
{
    /// <summary>Virtual time of the failure in microseconds.</summary>
    public long AtMicros { get; init; }

    /// <summary>Number of the event after which it was seen.</summary>
    public long AtEvent { get; init; }

    /// <summary>True for a leak that nobody saw: the thread pool did something meanwhile, perhaps for another run.</summary>
    internal bool WasOnlyCounted { get; init; }
}
