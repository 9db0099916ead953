using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// Machines are stopped in order and started again one after another, each with another configuration: for a while processes of several
/// configurations, or versions, live side by side. Who is down at his turn gets his new configuration with his next start.
/// </summary>
/// <param name="requestStop">Asks the program on a machine to stop; the process ends by itself later.</param>
/// <param name="configurations">The configurations by name, from which each machine draws one.</param>
/// <param name="configure">Has a machine's next start run with a configuration.</param>
public sealed class RollingRestart(Action<SimMachine> requestStop, IReadOnlyList<string> configurations, Action<SimMachine, string> configure) : Fault
{
    /// <inheritdoc/>
    public override string Kind => "rolling-restart";

    /// <summary>Time between the turns of two machines.</summary>
    public Range<TimeSpan> Step { get; init; } = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(4));

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var order = targets.Where(m => m.Program is not null).ToList();
        if (order.Count == 0 || configurations.Count == 0) return null;
        random.Shuffle(order);
        var step = random.NextSpan(Step.Min, Step.Max);
        var drawn = order.Select(_ => random.Pick(configurations)).ToList();
        return FaultPlan.Of(Kind, step * order.Count, ("machines", FaultPlan.Value(order)), ("configurations", string.Join(',', drawn)), ("stepMicros", FaultPlan.Value(step)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (machines, step) = (plan.Machines(world, "machines"), plan.Span("stepMicros"));
        var chosen = plan.Text("configurations").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (chosen.Length != machines.Count || chosen.Except(configurations).Any()) throw new FaultPlanException($"A planned fault of kind '{Kind}' does not fit: it needs one known configuration for each machine.");
        var turns = new List<LoopTimer>();
        for (var i = 0; i < chosen.Length; i++)
        {
            var (machine, configuration) = (machines[i], chosen[i]);
            turns.Add(world.Schedule(step * i, () => Take(machine, configuration)));
        }

        return new FaultHandle(string.Join(' ', machines.Zip(chosen, (m, c) => $"{m.Name}={c}")), () => turns.ForEach(t => t.Cancel()));
    }

    private void Take(SimMachine machine, string configuration)
    {
        configure(machine, configuration);
        if (!machine.IsUp) return;
        machine.RestartsOnExit = true;
        machine.Invoke(() => requestStop(machine));
    }
}
