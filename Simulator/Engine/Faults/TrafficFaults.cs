using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Engine.Network;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A fault that befalls one kind of request between two machines. The scenario names the kinds by its <see cref="SimNetwork.Classifier"/>.</summary>
/// <param name="labels">The kinds among which it chooses.</param>
public abstract class RequestFault(IReadOnlyList<string> labels) : Fault
{
    private const int Million = 1_000_000;

    /// <summary>The share of the requests that it befalls, from which each fault draws its own; from 0 to 1.</summary>
    public Range<double> Rate { get; init; } = new(0.05, 1);

    /// <summary>What it does to them.</summary>
    protected abstract FilterAction Action { get; }

    /// <inheritdoc/>
    public sealed override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var (one, other) = (random.Pick(targets), random.Pick(world.Machines));
        if (one == other || labels.Count == 0) return null;
        var (from, to) = random.Chance(0.5) ? (one, other) : (other, one);
        var rate = Rate.Min + (random.NextDouble() * (Rate.Max - Rate.Min));
        return FaultPlan.Of(
            Kind,
            DrawDuration(random),
            ("from", from.Name),
            ("to", to.Name),
            ("label", random.Pick(labels)),
            ("ratePpm", FaultPlan.Value((long)(rate * Million))),
            ("delayMicros", FaultPlan.Value(DrawDelay(random))),
            ("outcome", FaultPlan.Value(random.Next(int.MaxValue))));
    }

    /// <inheritdoc/>
    public sealed override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (from, to, label) = (plan.Machine(world, "from"), plan.Machine(world, "to"), plan.Text("label"));
        var ppm = plan.Number("ratePpm", 0, Million);
        var filter = new TrafficFilter(label, Action, ppm / (double)Million, plan.Span("delayMicros"), (ulong)plan.Number("outcome", 0));
        var description = string.Create(CultureInfo.InvariantCulture, $"{label} {from.Name} -> {to.Name} {ppm} ppm by {filter.Delay.TotalMilliseconds:F0} ms");
        return new FaultHandle(description, world.Network.Filter(from, to, filter).End);
    }

    /// <summary>How long they are delayed, for a fault that delays.</summary>
    protected virtual TimeSpan DrawDelay(RandomStream random) => TimeSpan.Zero;
}

/// <summary>One kind of request is long on its way from one machine to another.</summary>
/// <param name="labels">The kinds among which it chooses.</param>
public sealed class DelayedRequests(IReadOnlyList<string> labels) : RequestFault(labels)
{
    /// <inheritdoc/>
    public override string Kind => "delay-request";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.RequestDelayed];

    /// <inheritdoc/>
    protected override FilterAction Action => FilterAction.Delay;

    /// <inheritdoc/>
    protected override TimeSpan DrawDelay(RandomStream random) => random.NextSpan(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(6));
}

/// <summary>One kind of request does not arrive: the connection breaks under it.</summary>
/// <param name="labels">The kinds among which it chooses.</param>
public sealed class DroppedRequests(IReadOnlyList<string> labels) : RequestFault(labels)
{
    /// <inheritdoc/>
    public override string Kind => "drop-request";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.RequestDropped];

    /// <inheritdoc/>
    protected override FilterAction Action => FilterAction.Drop;
}

/// <summary>One kind of request arrives, but its answer does not: who sends it again over a new connection has sent it twice.</summary>
/// <param name="labels">The kinds among which it chooses.</param>
public sealed class RepeatedRequests(IReadOnlyList<string> labels) : RequestFault(labels)
{
    /// <inheritdoc/>
    public override string Kind => "repeat-request";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.RequestRepeated];

    /// <inheritdoc/>
    protected override FilterAction Action => FilterAction.Repeat;
}

/// <summary>Some links let few bytes a second through, and queue the rest: latency grows with what is sent, up to seconds.</summary>
public sealed class NarrowLinks : Fault
{
    private const int LeastBytesPerSecond = 10_000;
    private const int MostBytesPerSecond = 400_000;

    /// <inheritdoc/>
    public override string Kind => "narrow-links";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var links = Links.Between(world.Machines, targets).Where(l => l.From != l.To && random.Chance(0.4)).ToList();
        var rate = random.Next(LeastBytesPerSecond, MostBytesPerSecond);
        return links.Count == 0 ? null : FaultPlan.Of(Kind, DrawDuration(random), ("links", FaultPlan.Value(links)), ("bytesPerSecond", FaultPlan.Value(rate)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var links = plan.Links(world, "links");
        var rate = plan.Number("bytesPerSecond", 1);
        var effects = links.Select(l => world.Network.Narrow(l.From, l.To, rate)).ToList();
        return new FaultHandle($"{links.Count} links to {rate} bytes/s", () => effects.ForEach(e => e.End()));
    }
}

/// <summary>A machine has hardly any room for connections that wait to be accepted: dials get no answer, what is connected goes on.</summary>
public sealed class FullBacklog : Fault
{
    private const int MostConnections = 3;

    /// <inheritdoc/>
    public override string Kind => "backlog-full";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        FaultPlan.Of(Kind, DrawDuration(random), ("machine", random.Pick(targets).Name), ("connections", FaultPlan.Value(random.Next(MostConnections))));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var room = (int)plan.Number("connections", 0, int.MaxValue);
        return new FaultHandle($"{machine.Name} room for {room}", world.Network.LimitBacklog(machine, room).End);
    }
}

/// <summary>
/// Machines are cut off from all others one by one, and let back in another order: what was elected or agreed meanwhile meets its
/// predecessors. The idea is FoundationDB's.
/// </summary>
public sealed class SwizzleClog : Fault
{
    /// <inheritdoc/>
    public override string Kind => "swizzle-clog";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var (clogged, _) = Links.Split(targets, targets, random);
        if (clogged.Count == 0) return null;
        random.Shuffle(clogged);
        var released = clogged.ToList();
        random.Shuffle(released);
        var duration = random.NextSpan(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        var step = duration / ((2 * clogged.Count) + 1);
        return FaultPlan.Of(Kind, duration, ("clog", FaultPlan.Value(clogged)), ("release", FaultPlan.Value(released)), ("stepMicros", FaultPlan.Value(step)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (clogged, released) = (plan.Machines(world, "clog"), plan.Machines(world, "release"));
        var step = plan.Span("stepMicros");
        if (!clogged.OrderBy(m => m.Number).SequenceEqual(released.OrderBy(m => m.Number).Distinct())) throw new FaultPlanException($"A planned fault of kind '{Kind}' does not fit: it must release each machine that it clogs, and each once.");
        var blocks = new Dictionary<SimMachine, FaultHandle?>();
        var timers = new List<LoopTimer>();
        for (var i = 0; i < clogged.Count; i++)
        {
            var (first, last) = (clogged[i], released[i]);
            if (i == 0) blocks[first] = CutOff(world, first);
            else timers.Add(world.Schedule(step * i, () => blocks.TryAdd(first, CutOff(world, first))));
            var release = plan.Duration - (step * (clogged.Count - 1 - i));
            if (release > TimeSpan.Zero) timers.Add(world.Schedule(release, () => blocks.GetValueOrDefault(last)?.End()));
        }

        return new FaultHandle($"{Links.Names(clogged)}, back {Links.Names(released)}, step {step.TotalMilliseconds:F0} ms", () =>
        {
            timers.ForEach(t => t.Cancel());
            foreach (var block in blocks.Values) block?.End();
        });
    }

    private static FaultHandle? CutOff(SimWorld world, SimMachine machine)
    {
        var others = world.Machines.Where(m => m != machine).ToList();
        return Links.Block(world, Links.BothWays([machine], others), machine.Name);
    }
}
