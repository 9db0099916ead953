using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Scenarios.Replication;

/// <summary>The faults that a run of the replication scenario may see.</summary>
internal static class FaultMix
{
    private const int KindsAtLeast = 5;
    private static readonly Range<TimeSpan> s_atOnce = new(TimeSpan.Zero, TimeSpan.Zero);

    public static FaultProfile For(Swarm swarm, IReadOnlyList<SimMachine> targets, Action<SimMachine> requestStop, RandomStream random)
    {
        List<(Fault, int)> kinds =
        [
            (new ProcessCrash(), 4),
            (new GracefulRestart(requestStop), 2),
            (new Freeze(), 2),
            (new FullPartition(), 3),
            (new OneWayPartition(), 2),
            (new BridgePartition(), 2),
            (new SlowLinks(), 2),
            (new Deafness(), 1),
            (new ConnectionReset(), 3),
            (new SlowDisk(), 1),
            (new StalledDisk(), 2),
            (new ClockJump(), 1),
            (new ClockDrift(), 1),
            (new ClockOffset(), 1),
            (new CrashAtEvent(), 2),
            (new SwizzleClog(), 1),
            (new NarrowLinks(), 1),
            (new FullBacklog(), 1),
            (new DelayedRequests(RequestLabels.Cluster), 2),
            (new DroppedRequests(RequestLabels.Cluster), 1),
            (new RepeatedRequests(RequestLabels.Cluster), 1),
            (new ShortReads(), 1),
            (new ShortWrites(), 1),
        ];
        var profile = new FaultProfile(kinds, targets, swarm.FaultInterval) { Ambushes = Ambushes(swarm, random) }.Swarm(random, KindsAtLeast);
        return swarm.PowerLoss ? profile with { Kinds = [.. profile.Kinds, (new PowerLoss(DiskLosses.All), 4)] } : profile;
    }

    // Each is at work in about two runs of three, so that the runs differ in what they go deep into.
    private static List<Ambush> Ambushes(Swarm swarm, RandomStream random)
    {
        List<Ambush> all =
        [
            new(Moments.Election, new Deafness(), 0.4, s_atOnce),
            new(Moments.IsrExpansion, new ProcessCrash(), 0.3, new(TimeSpan.Zero, TimeSpan.FromSeconds(1))),
            new(Moments.BrokerLoss, new Freeze { Span = PastTheSession(swarm) }, 0.5, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(20))),
        ];
        return [.. all.Where(_ => random.Chance(0.65))];
    }

    private static Range<TimeSpan> PastTheSession(Swarm swarm)
    {
        var session = TimeSpan.FromMilliseconds(swarm.SessionTimeoutMs);
        return new(session / 2, session * 3);
    }
}
