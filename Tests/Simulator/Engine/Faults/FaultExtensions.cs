using System.Collections.Generic;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Tests.Simulator.Engine.Faults;

/// <summary>Plans a fault and carries the plan out at once.</summary>
internal static class FaultExtensions
{
    public static FaultHandle? Strike(this Fault fault, SimWorld world, IReadOnlyList<SimMachine> targets) =>
        fault.Plan(world, targets, world.Random("faults")) is { } plan ? fault.Apply(world, plan) : null;
}
