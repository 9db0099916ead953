using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Engine.Disk;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A fault that befalls a share of the operations of one disk while it lasts.</summary>
public abstract class DiskOperationFault : Fault
{
    private const int Million = 1_000_000;

    /// <summary>The share of the operations that fail, from which each fault draws its own; from 0 to 1.</summary>
    public Range<double> Rate { get; init; } = new(0.01, 0.5);

    /// <summary>Only operations on files whose path begins so; empty for all.</summary>
    public string Path { get; init; } = string.Empty;

    /// <inheritdoc/>
    public sealed override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var rate = Rate.Min + (random.NextDouble() * (Rate.Max - Rate.Min));
        return FaultPlan.Of(
            Kind,
            DrawDuration(random),
            ("machine", random.Pick(targets).Name),
            ("ratePpm", FaultPlan.Value((long)(rate * Million))),
            ("path", Path),
            ("outcome", FaultPlan.Value(random.Next(int.MaxValue))));
    }

    /// <inheritdoc/>
    public sealed override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var ppm = plan.Number("ratePpm", 0, Million);
        var path = plan.Text("path");
        var trouble = new DiskTrouble(Trouble, ppm / (double)Million, path, (ulong)plan.Number("outcome", 0));
        var description = string.Create(CultureInfo.InvariantCulture, $"{machine.Name} {ppm} ppm of the operations on '{path}'");
        if (!DestroysData) return new FaultHandle(description, machine.Disk.Afflict(trouble).End);
        if (world.Recoverability.TryBegin(Kind, machine, UnsyncedOnly, MayHit(path)) is not { } destruction) return null;
        var effect = machine.Disk.Afflict(trouble);
        return new FaultHandle(description, () =>
        {
            effect.End();
            destruction.End();
        });
    }

    /// <summary>What goes wrong.</summary>
    protected abstract DiskTroubleKind Trouble { get; }

    /// <summary>Whether it can take data away, so that the recoverability map is asked.</summary>
    protected virtual bool DestroysData => false;

    /// <summary>Of one that does, whether it takes only what was not synced and was not said to be.</summary>
    protected virtual bool UnsyncedOnly => false;

    /// <summary>Of one that does, where it may: the beginning of the paths, empty for anywhere.</summary>
    /// <param name="path">The beginning of the paths of the operations that it befalls.</param>
    protected virtual string MayHit(string path) => path;
}

/// <summary>Reads fail with an I/O error.</summary>
public sealed class ReadErrors : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-read-error";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.ReadError];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.ReadError;
}

/// <summary>Writes fail with an I/O error, after any part of them.</summary>
public sealed class WriteErrors : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-write-error";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.WriteError];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.WriteError;
}

/// <summary>Opening, listing, making, renaming and deleting files fail with an I/O error.</summary>
public sealed class NameErrors : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-name-error";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.NameError];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.NameError;
}

/// <summary>
/// Syncs fail with an I/O error and the dirty pages are dropped: the next sync ends well and has nothing to do.
/// See Rebello et al., "Can Applications Recover from fsync Failures?", 2020.
/// </summary>
public sealed class SyncErrors : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-sync-error";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.SyncError];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.SyncError;

    /// <inheritdoc/>
    protected override bool DestroysData => true;

    /// <inheritdoc/>
    protected override bool UnsyncedOnly => true; // and whoever asked for the sync is told
}

/// <summary>Syncs end well without having made anything durable; the next power loss shows it.</summary>
public sealed class LyingSyncs : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-lying-sync";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.LyingSync];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.LyingSync;

    /// <inheritdoc/>
    protected override bool DestroysData => true;
}

/// <summary>The disk becomes full in the middle of writes.</summary>
public sealed class NoSpaceErrors : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-no-space";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.NoSpace];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.NoSpace;
}

/// <summary>Reads give fewer bytes than were asked for.</summary>
public sealed class ShortReads : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-short-read";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.ShortRead];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.ShortRead;
}

/// <summary>Writes reach the file in two steps, and a crash or another reader may come between.</summary>
public sealed class ShortWrites : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-short-write";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.ShortWrite];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.ShortWrite;
}

/// <summary>Writes end well and stand somewhere else on the disk.</summary>
public sealed class MisdirectedWrites : DiskOperationFault
{
    /// <inheritdoc/>
    public override string Kind => "disk-misdirected-write";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.MisdirectedWrite];

    /// <inheritdoc/>
    protected override DiskTroubleKind Trouble => DiskTroubleKind.MisdirectedWrite;

    /// <inheritdoc/>
    protected override bool DestroysData => true;

    /// <summary>Anywhere, whatever was meant.</summary>
    protected override string MayHit(string path) => string.Empty;
}

/// <summary>A disk has hardly any room left for a while.</summary>
public sealed class FullDisk : Fault
{
    private const int MostBytes = 16 * 1024;

    /// <inheritdoc/>
    public override string Kind => "disk-full";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.DiskFull];

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        FaultPlan.Of(Kind, DrawDuration(random), ("machine", random.Pick(targets).Name), ("freeBytes", FaultPlan.Value(random.Next(MostBytes))));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var free = plan.Number("freeBytes", 0);
        return new FaultHandle($"{machine.Name} {free} bytes left", machine.Disk.Fill(free).End);
    }
}

/// <summary>A few bits of a file flip where they lie.</summary>
public sealed class BitRot : Fault
{
    private const int MostBytes = 4;

    /// <inheritdoc/>
    public override string Kind => "disk-bit-rot";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.BitRot];

    /// <summary>Only files whose path begins so; empty for all.</summary>
    public string Path { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var machine = random.Pick(targets);
        var files = machine.Disk.PeekFiles().Where(f => f.Length > 0 && f.Path.StartsWith(Path, StringComparison.Ordinal)).ToList();
        if (files.Count == 0) return null;
        var (path, length) = random.Pick(files);
        return FaultPlan.Of(
            Kind,
            TimeSpan.Zero,
            ("machine", machine.Name),
            ("path", path),
            ("position", FaultPlan.Value(random.NextInt64(0, length))),
            ("bytes", FaultPlan.Value(random.Next(1, MostBytes + 1))),
            ("mask", FaultPlan.Value(random.Next(1, 256))));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var (path, position) = (plan.Text("path"), plan.Number("position", 0));
        var (bytes, mask) = (plan.Number("bytes", 1, 1 << 20), (byte)plan.Number("mask", 1, 255));
        if (machine.Disk.Peek(path).Length <= position) return null;
        if (!world.Recoverability.TryDestroy(Kind, machine, path: path)) return null;
        for (var i = 0; i < bytes; i++) machine.Disk.Rot(path, position + i, mask);
        return FaultHandle.Instant($"{machine.Name} {path} at {position}, {bytes} bytes by {mask}");
    }
}

/// <summary>A machine goes down and comes back with another, empty disk.</summary>
public sealed class WipedDisk : Fault
{
    /// <inheritdoc/>
    public override string Kind => "disk-wipe";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.DiskWiped];

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) => Processes.PlanDeath(Kind, targets, random);

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var outcome = Processes.OutcomeOf(plan);
        if (!machine.IsUp || !world.Recoverability.TryDestroy(Kind, machine)) return null;
        machine.LosePower(outcome);
        machine.Disk.Wipe();
        return Processes.DownUntilEnd(machine);
    }
}
