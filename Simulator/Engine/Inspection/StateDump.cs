using System.Collections.Generic;

namespace Simulator.Engine.Inspection;

/// <summary>A part of the state of a world: like things in rows.</summary>
/// <param name="Name">What stands in it.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">Per thing a text for each column.</param>
public sealed record StateTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>The state of a world at one moment of a run.</summary>
/// <param name="Micros">Virtual time in microseconds.</param>
/// <param name="Event">Number of the last event that has happened.</param>
/// <param name="Hash">The hash over all events so far.</param>
/// <param name="Tables">Machines, links and faults, then what the scenario adds.</param>
public sealed record StateDump(long Micros, long Event, ulong Hash, IReadOnlyList<StateTable> Tables);
