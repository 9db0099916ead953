using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>What can be done to a disk from outside.</summary>
public sealed partial class SimDisk
{
    /// <summary>Multiplies all latencies until the effect ends; of several the greatest factor holds.</summary>
    public FaultEffect Slow(int factor) => _slow.Begin(factor);

    /// <summary>Lets nothing end for a while, what is under way included. Ending the effect ends the stall at once; of several the longest holds.</summary>
    public FaultEffect Stall(TimeSpan span)
    {
        if (StalledUntilMicros <= _world.NowMicros) _stalled.Clear();
        return _stalledUntil.Begin(_world.NowMicros + (long)span.TotalMicroseconds);
    }

    /// <summary>Takes space away until the effect ends, so that as many bytes are free now; of several the one that takes most holds.</summary>
    public FaultEffect Fill(long freeBytes) => _ballast.Begin(_world.Options.DiskBytes - _usedBytes - freeBytes);

    /// <summary>Lets operations go wrong until the effect ends. Several troubles may be in force at a time.</summary>
    public FaultEffect Afflict(DiskTrouble trouble) => _troubles.Begin(trouble);

    /// <summary>Flips bits of a byte where it lies. False if there is no such file or it is shorter.</summary>
    public bool Rot(string path, long position, byte mask)
    {
        if (Resolve(path) is not SimInode file || position >= file.Content.Length) return false;
        file.Rot(position, mask);
        NoteEffect(EffectNames.BitRot, $"{path} at {position}");
        return true;
    }

    /// <summary>Puts bytes behind the end of a file that nobody wrote there. False if there is no such file.</summary>
    public bool Litter(string path, ReadOnlySpan<byte> junk)
    {
        if (Resolve(path) is not SimInode file) return false;
        file.Write(file.Content.Length, junk);
        _usedBytes += junk.Length;
        _litterings.Add(path);
        NoteEffect(EffectNames.JunkTail, path);
        return true;
    }

    /// <summary>The files that <see cref="Litter"/> has struck, in the order of the strikes.</summary>
    public IReadOnlyList<string> Litterings => _litterings;

    /// <summary>Puts an empty disk into the place of this one. Only while no process runs.</summary>
    /// <exception cref="InvalidOperationException">A process runs on the machine.</exception>
    public void Wipe()
    {
        if (_machine.IsUp) throw new InvalidOperationException($"{_machine.Name} runs: a disk is changed while the machine is down.");
        _root.Wipe();
        _usedBytes = 0;
        Wipes++;
        NoteEffect(EffectNames.DiskWiped, string.Empty);
    }

    /// <summary>Number of times that <see cref="Wipe"/> was called.</summary>
    public int Wipes { get; private set; }

    /// <summary>Ends every fault of the device; what a stall held back ends now.</summary>
    public void Heal()
    {
        _slow.Clear();
        _stalledUntil.Clear();
        _ballast.Clear();
        _troubles.Clear();
    }

    /// <summary>All files with their lengths now, for faults and checkers; costs no virtual time.</summary>
    public IReadOnlyList<(string Path, long Length)> PeekFiles() => _root.Files().Select(f => (f.Path, f.File.Content.Length)).ToList();

    private void HoldBack(DiskWait operation, Loop loop)
    {
        _stalled.Add(operation);
        operation.WasHeldBack = true;
        loop.Schedule(operation, StalledUntilMicros);
    }

    // The stall ends earlier than it was to end: what it held back ends then, or when it would have ended anyway.
    private void ReleaseStalled(long until)
    {
        var early = _stalled.FindAll(o => o.IsScheduled && o.DueMicros > until && o.Owner!.IsAlive);
        _stalled.RemoveAll(early.Contains);
        foreach (var operation in early)
        {
            var loop = operation.Owner!;
            loop.Cancel(operation);
            if (until > operation.OwnDueMicros && until > _world.NowMicros) HoldBack(operation, loop);
            else loop.Schedule(operation, Math.Max(operation.OwnDueMicros, _world.NowMicros));
        }
    }

    private void NoteEffect(string what, string where)
    {
        _world.Faults.AddEffect(what);
        _world.Mix(what);
        if (_world.Trace.IsOn) _world.Trace.Write(_machine.Name, "disk", $"{what} {where}".TrimEnd());
    }
}
