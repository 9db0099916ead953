using System;
using System.Collections.Generic;
using System.Linq;

namespace tools.RealCluster.Faults;

/// <summary>
/// What a seed does to a cluster: the same seed gives the same steps. When each begins and whom it strikes is settled by the
/// cluster's own progress, so that a run can be repeated as far as real time permits.
/// </summary>
public static class FaultSchedule
{
    private static readonly (FaultKind Kind, int Weight)[] s_ofProcesses =
    [
        (FaultKind.Kill, 4), (FaultKind.Freeze, 4), (FaultKind.Bounce, 2), (FaultKind.Blink, 2), (FaultKind.Restart, 2), (FaultKind.KillBesideFrozen, 3),
    ];

    /// <summary>Draws the steps of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">How many.</param>
    /// <param name="partitions">Number of the topic's partitions.</param>
    /// <param name="canCut">Whether links can be cut.</param>
    /// <param name="canSlow">Whether links can be slowed down.</param>
    /// <param name="leaderAlone">Whether leaders acknowledge alone: then they are also killed while nobody follows.</param>
    public static IReadOnlyList<FaultStep> Draw(int seed, int steps, int partitions, bool canCut = false, bool canSlow = false, bool leaderAlone = false)
    {
        var kinds = s_ofProcesses.ToList();
        if (canCut) kinds.AddRange([(FaultKind.Cut, 10), (FaultKind.CutBetween, 5)]);
        if (canSlow) kinds.Add((FaultKind.Slow, 5));
        if (leaderAlone) kinds.Add((FaultKind.KillAhead, 10));
        var random = new Random(seed);
        var schedule = new List<FaultStep>();
        while (schedule.Count < steps)
        {
            var target = random.Next(3) > 0 ? FaultTarget.Leader : FaultTarget.Follower;
            schedule.Add(new FaultStep(random.Next(20, 200), Choose(kinds, random), target, random.Next(partitions)));
        }

        return schedule;
    }

    private static FaultKind Choose(List<(FaultKind Kind, int Weight)> kinds, Random random)
    {
        var left = random.Next(kinds.Sum(k => k.Weight));
        foreach (var (kind, weight) in kinds)
        {
            left -= weight;
            if (left < 0) return kind;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
