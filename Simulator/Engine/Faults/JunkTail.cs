using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// Bytes that nobody wrote stand behind the end of a file when a machine's program is next started: zeros or noise, as after the repair of
/// a file system that knew the file's blocks and not its length. Nothing that was written is lost. Strikes machines that are down.
/// </summary>
/// <param name="files">The files of a machine's disk that may be struck, of those that it is given.</param>
public sealed class JunkTail(Func<IReadOnlyList<(string Path, long Length)>, IReadOnlyList<string>> files) : Fault
{
    private const int MostBytes = 200;
    private const string Zeros = "zeros";
    private const string Noise = "noise";

    /// <inheritdoc/>
    public override string Kind => "disk-junk-tail";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.JunkTail];

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        IReadOnlyList<SimMachine> down = [.. targets.Where(m => !m.IsUp)];
        var machine = random.Pick(down.Count > 0 ? down : targets);
        var paths = files(machine.Disk.PeekFiles());
        if (paths.Count == 0) return null;
        return FaultPlan.Of(
            Kind,
            TimeSpan.Zero,
            ("machine", machine.Name),
            ("path", random.Pick(paths)),
            ("bytes", FaultPlan.Value(random.Next(1, MostBytes + 1))),
            ("what", random.Chance(0.5) ? Zeros : Noise),
            ("outcome", FaultPlan.Value(random.Next(int.MaxValue))));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var (machine, path, what) = (plan.Machine(world), plan.Text("path"), plan.Text("what"));
        var junk = new byte[plan.Number("bytes", 1, 1 << 20)];
        if (what is not (Zeros or Noise)) throw new FaultPlanException($"A planned fault of kind '{Kind}' does not fit: 'what' is {Zeros} or {Noise}.");
        if (what == Noise) Processes.OutcomeOf(plan).Fill(junk);
        if (machine.IsUp || !machine.Disk.Litter(path, junk)) return null;
        return FaultHandle.Instant($"{machine.Name} {path}, {junk.Length} bytes of {what}");
    }
}
