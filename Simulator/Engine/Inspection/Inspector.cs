using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Inspection;

/// <summary>Looks at a world between two events, without changing it.</summary>
internal static class Inspector
{
    public static StateDump Look(SimWorld world, ScenarioRun run) =>
        new(world.NowMicros, world.Events, world.Hash, [Machines(world), Links(world), Faults(run), .. Description(run)]);

    // The rest is worth seeing too, the more so where the system is in a state that its scenario did not expect.
    private static IReadOnlyList<StateTable> Description(ScenarioRun run)
    {
        try
        {
            return run.Describe();
        }
        catch (Exception e)
        {
            return [new StateTable("the system could not be described", ["why"], [[e.Message]])];
        }
    }

    private static StateTable Machines(SimWorld world) => new(
        "machines",
        ["machine", "state", "process", "drift ppm", "wall clock off ms", "disk bytes"],
        [.. world.Machines.Select(m => (IReadOnlyList<string>)
        [
            m.Name,
            StateOf(m),
            m.Incarnations == 0 ? "none yet" : Text(m.Incarnations),
            Text(m.Clock.DriftPpm),
            Text(m.Clock.WallMillis - world.Options.WallEpochMillis - (world.NowMicros / 1000)),
            Text(m.Disk.PeekFiles().Sum(f => f.Length)),
        ])]);

    private static StateTable Links(SimWorld world) => new(
        "blocked links",
        ["from", "to"],
        [.. from a in world.Machines from b in world.Machines where world.Network.IsBlocked(a, b) select (IReadOnlyList<string>)[a.Name, b.Name]]);

    private static StateTable Faults(ScenarioRun run) => new(
        "faults in force",
        ["fault", "where"],
        [.. run.Nemesis.InForce.Select(f => (IReadOnlyList<string>)[f.Kind, f.Description])]);

    private static string StateOf(SimMachine machine) => machine switch
    {
        { HasPower: false } => "without power",
        { IsUp: false } => "down",
        { Process.IsFrozen: true } => "frozen",
        _ => "up",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
