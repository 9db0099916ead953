using System;
using System.Collections.Generic;
using Scenarios.Cluster;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Scenarios.Running;

/// <summary>What one scenario of a cluster has of its own: its name, the options that it insists on, and the faults that it is about.</summary>
public sealed record ScenarioPlan
{
    /// <summary>The name under which it runs.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>What it changes of the options that the seed chose.</summary>
    public Func<Swarm, RandomStream, Swarm> Adjust { get; init; } = static (swarm, _) => swarm;

    /// <summary>The kinds of fault with their weights; a run sees a subset of them.</summary>
    public required Func<FaultSites, IReadOnlyList<(Fault Fault, int Weight)>> Faults { get; init; }

    /// <summary>Faults that lie in wait for a moment; each is at work in about two runs of three, so that the runs differ in what they go deep into.</summary>
    public Func<FaultSites, IReadOnlyList<Ambush>> Ambushes { get; init; } = static _ => [];

    /// <summary>
    /// What a power loss hardly ever does in runs of this plan, so that nobody waits for it: on a disk that is well a broker and the store sync
    /// whatever they write at once, one file at a time.
    /// </summary>
    public IReadOnlyList<string> RareLosses { get; init; } = [EffectNames.WritebackReordered, EffectNames.RenameLost];
}

/// <summary>What the faults of a plan may strike.</summary>
/// <param name="Swarm">What the seed chose.</param>
/// <param name="Store">The machine of the coordination store.</param>
/// <param name="RequestStop">Asks the broker on a machine to stop in order.</param>
/// <param name="Reconfigure">Has the next start of the broker on a machine run with one of <see cref="BrokerVariants"/>.</param>
public sealed record FaultSites(Swarm Swarm, SimMachine Store, Action<SimMachine> RequestStop, Action<SimMachine, string> Reconfigure)
{
    private const double AmbushProbability = 0.65;
    private const int KindsAtLeast = 5;

    /// <summary>A span from half a session timeout to three of them: who is away so long is taken for dead, or nearly.</summary>
    public Range<TimeSpan> PastTheSession
    {
        get
        {
            var session = TimeSpan.FromMilliseconds(Swarm.SessionTimeoutMs);
            return new(session / 2, session * 3);
        }
    }

    /// <summary>The faults of a run of this plan: a random subset of the plan's, power loss besides where the seed chose that.</summary>
    internal FaultProfile ProfileOf(ScenarioPlan plan, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var ambushes = new List<Ambush>();
        foreach (var ambush in plan.Ambushes(this))
        {
            if (random.Chance(AmbushProbability)) ambushes.Add(ambush);
        }

        var profile = new FaultProfile(plan.Faults(this), targets, Swarm.FaultInterval) { Ambushes = ambushes }.Swarm(random, KindsAtLeast);
        return Swarm.PowerLoss ? profile with { Kinds = [.. profile.Kinds, (new PowerLoss(DiskLosses.All) { Rare = plan.RareLosses }, 4)] } : profile;
    }
}
