using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>Two groups of machines that cannot reach one another in either direction.</summary>
public sealed class FullPartition : Fault
{
    /// <inheritdoc/>
    public override string Kind => "partition-full";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var (left, right) = Links.Split(targets, world.Machines, random);
        return FaultPlan.Of(Kind, DrawDuration(random), ("left", FaultPlan.Value(left)), ("right", FaultPlan.Value(right)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (left, right) = (plan.Machines(world, "left"), plan.Machines(world, "right"));
        return Links.Block(world, Links.BothWays(left, right), $"{Links.Names(left)} | {Links.Names(right)}");
    }
}

/// <summary>One group's bytes do not reach the other; the other direction works.</summary>
public sealed class OneWayPartition : Fault
{
    /// <inheritdoc/>
    public override string Kind => "partition-one-way";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var (left, right) = Links.Split(targets, world.Machines, random);
        return FaultPlan.Of(Kind, DrawDuration(random), ("from", FaultPlan.Value(left)), ("to", FaultPlan.Value(right)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (left, right) = (plan.Machines(world, "from"), plan.Machines(world, "to"));
        return Links.Block(world, Links.Between(left, right), $"{Links.Names(left)} -/-> {Links.Names(right)}");
    }
}

/// <summary>Two groups are cut off from one another, but one machine reaches both.</summary>
public sealed class BridgePartition : Fault
{
    /// <inheritdoc/>
    public override string Kind => "partition-bridge";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (world.Machines.Count < 3) return null;
        var bridge = random.Pick(world.Machines);
        var rest = world.Machines.Where(m => m != bridge).ToList();
        var (left, right) = Links.Split(targets.Where(m => m != bridge).ToList(), rest, random);
        return FaultPlan.Of(Kind, DrawDuration(random), ("left", FaultPlan.Value(left)), ("bridge", bridge.Name), ("right", FaultPlan.Value(right)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (left, right) = (plan.Machines(world, "left"), plan.Machines(world, "right"));
        return Links.Block(world, Links.BothWays(left, right), $"{Links.Names(left)} | {plan.Machine(world, "bridge").Name} | {Links.Names(right)}");
    }
}

/// <summary>Some links become very slow.</summary>
public sealed class SlowLinks : Fault
{
    /// <inheritdoc/>
    public override string Kind => "slow-links";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var links = Links.Between(world.Machines, targets).Where(l => l.From != l.To && random.Chance(0.4)).ToList();
        var extra = random.NextSpan(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1500));
        return links.Count == 0 ? null : FaultPlan.Of(Kind, DrawDuration(random), ("links", FaultPlan.Value(links)), ("extraMicros", FaultPlan.Value(extra)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var links = plan.Links(world, "links");
        var extra = plan.Span("extraMicros");
        var effects = links.Select(l => world.Network.Clog(l.From, l.To, extra)).ToList();
        return new FaultHandle($"{links.Count} links by {extra.TotalMilliseconds:F0} ms", () => effects.ForEach(e => e.End()));
    }
}

/// <summary>All connections between two machines are reset at once.</summary>
public sealed class ConnectionReset : Fault
{
    /// <inheritdoc/>
    public override string Kind => "connection-reset";

    /// <summary>The machine at one end of the connections; null for any.</summary>
    public SimMachine? With { get; init; }

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var a = random.Pick(targets);
        var b = With ?? random.Pick(world.Machines);
        return a == b ? null : FaultPlan.Of(Kind, TimeSpan.Zero, ("a", a.Name), ("b", b.Name));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (a, b) = (plan.Machine(world, "a"), plan.Machine(world, "b"));
        world.Network.ResetConnections(a, b);
        return FaultHandle.Instant($"{a.Name} - {b.Name}");
    }
}

/// <summary>What the faults of links share.</summary>
internal static class Links
{
    public static IEnumerable<(SimMachine From, SimMachine To)> Between(IReadOnlyList<SimMachine> from, IReadOnlyList<SimMachine> to) =>
        from a in @from from b in to select (a, b);

    public static IEnumerable<(SimMachine From, SimMachine To)> BothWays(IReadOnlyList<SimMachine> left, IReadOnlyList<SimMachine> right) =>
        Between(left, right).Concat(Between(right, left));

    /// <summary>A random, non-empty part of the targets against all the others of a group.</summary>
    public static (List<SimMachine> Part, List<SimMachine> Others) Split(IReadOnlyList<SimMachine> targets, IReadOnlyList<SimMachine> all, RandomStream random)
    {
        var part = targets.Where(_ => random.Chance(0.4)).ToList();
        if (part.Count == 0 && targets.Count > 0) part.Add(random.Pick(targets));
        return (part, all.Where(m => !part.Contains(m)).ToList());
    }

    public static string Names(IReadOnlyList<SimMachine> machines) => string.Join(",", machines.Select(m => m.Name));

    public static FaultHandle? Block(SimWorld world, IEnumerable<(SimMachine From, SimMachine To)> links, string description)
    {
        var blocked = links.ToList();
        if (blocked.Count == 0) return null;
        foreach (var (from, to) in blocked) world.Network.Block(from, to);
        return new FaultHandle(description, () =>
        {
            foreach (var (from, to) in blocked) world.Network.Unblock(from, to);
            blocked.Clear();
        });
    }
}
