using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// One machine is cut off from the other targets, but not from anybody else: where nodes talk to one another over another network than
/// their clients, clients go on to ask a node that has lost touch.
/// </summary>
public sealed class IsolatedNode : Fault
{
    /// <inheritdoc/>
    public override string Kind => "partition-isolated";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (targets.Count < 2) return null;
        var machine = random.Pick(targets);
        return FaultPlan.Of(Kind, DrawDuration(random), ("machine", machine.Name), ("others", FaultPlan.Value(targets.Where(t => t != machine))));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (machine, others) = (plan.Machine(world), plan.Machines(world, "others"));
        return Links.Block(world, Links.BothWays([machine], others), $"{machine.Name} from {Links.Names(others)}");
    }
}
