using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace Simulator.Engine;

/// <summary>One line of a trace.</summary>
/// <param name="Event">Number of the event during which it was written.</param>
/// <param name="Micros">Virtual time in microseconds.</param>
/// <param name="Node">The machine, or "world".</param>
/// <param name="Kind">send, deliver, dial, disk, fault, log, …</param>
/// <param name="Text">What happened.</param>
public readonly record struct TraceLine(long Event, long Micros, string Node, string Kind, string Text)
{
    /// <summary>The line as printed: time in seconds, node, kind, text.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Micros / 1_000_000}.{Micros % 1_000_000:D6} {Node,-12} {Kind,-8} {Text}");
}

/// <summary>The readable record of a run. Costs nothing while off; keeps the last lines, or all.</summary>
public sealed class Trace
{
    private readonly SimWorld _world;
    private readonly Queue<TraceLine> _lines = new();
    private int _capacity;

    internal Trace(SimWorld world) => _world = world;

    /// <summary>True while lines are kept.</summary>
    public bool IsOn => _capacity > 0;

    /// <summary>Whether each delivery of the network is a line.</summary>
    public bool ShowTraffic { get; set; }

    /// <summary>Log lines below this level are not kept.</summary>
    public LogLevel MinimumLogLevel { get; set; } = LogLevel.Debug;

    /// <summary>The lines kept, oldest first.</summary>
    public IReadOnlyCollection<TraceLine> Lines => _lines;

    /// <summary>Begins to keep the last <paramref name="capacity"/> lines.</summary>
    public void KeepLast(int capacity) => _capacity = capacity;

    /// <summary>Begins to keep all lines.</summary>
    public void KeepAll() => _capacity = int.MaxValue;

    /// <summary>Adds a line.</summary>
    public void Write(string node, string kind, string text)
    {
        if (_capacity == 0) return;
        if (_lines.Count >= _capacity) _lines.Dequeue();
        _lines.Enqueue(new TraceLine(_world.Events, _world.NowMicros, node, kind, text));
    }
}
