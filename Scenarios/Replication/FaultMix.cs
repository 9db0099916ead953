using System;
using System.Collections.Generic;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Scenarios.Replication;

/// <summary>The faults that a run of the replication scenario may see.</summary>
internal static class FaultMix
{
    private const int KindsAtLeast = 5;

    public static FaultProfile For(Swarm swarm, IReadOnlyList<SimMachine> targets, Action<SimMachine> requestStop, RandomStream random)
    {
        List<(Fault, int)> kinds =
        [
            (new ProcessCrash(), 4),
            (new GracefulRestart(requestStop), 1),
            (new Freeze(), 2),
            (new FullPartition(), 3),
            (new OneWayPartition(), 2),
            (new BridgePartition(), 2),
            (new SlowLinks(), 2),
            (new ConnectionReset(), 3),
            (new SlowDisk(), 1),
            (new StalledDisk(), 2),
            (new ClockJump(), 1),
            (new ClockDrift(), 1),
        ];
        var profile = new FaultProfile(kinds, targets, swarm.FaultInterval).Swarm(random, KindsAtLeast);
        return swarm.PowerLoss ? profile with { Kinds = [.. profile.Kinds, (new PowerLoss(), 4)] } : profile;
    }
}
