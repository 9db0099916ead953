using System;

namespace Simulator.Engine.Faults;

/// <summary>
/// A fault that lies in wait: it strikes not at a random instant but shortly after a moment in the life of the system, when it is
/// at its most vulnerable, such as just after an election. Random instants alone hit such windows only once in hundreds of runs.
/// </summary>
/// <param name="Moment">The moment's name; the scenario tells the nemesis of it by <see cref="Nemesis.Notice"/>.</param>
/// <param name="Fault">What strikes the machines that the notice names.</param>
/// <param name="Probability">How often it strikes when the moment comes.</param>
/// <param name="Delay">How long after the moment; at least a microsecond.</param>
public sealed record Ambush(string Moment, Fault Fault, double Probability, Range<TimeSpan> Delay);
