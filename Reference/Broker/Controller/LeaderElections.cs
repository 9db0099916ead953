using System.Collections.Generic;
using System.Linq;

namespace Reference.Broker.Controller;

/// <summary>What an election knows.</summary>
/// <param name="Assignment">Replicas, preferred leader first.</param>
/// <param name="Isr">In-sync replicas as they stand in the znode, those whom the leader had outlived left out.</param>
/// <param name="Live">Replicas on live brokers; those of brokers that are shutting down only where the strategy says so.</param>
/// <param name="ShuttingDown">Brokers in controlled shutdown.</param>
public readonly record struct ElectionInput(IReadOnlyList<int> Assignment, IReadOnlyList<int> Isr, IReadOnlySet<int> Live, IReadOnlySet<int> ShuttingDown)
{
    /// <summary>Those who stood in the ISR too, but whom the leader had outlived: where records are given up anyway, fewer are lost with one of them.</summary>
    public IReadOnlyList<int> Outlived { get; init; } = [];
}

/// <summary>The outcome: the leader and the ISR it starts with.</summary>
public sealed record ElectedLeader(int Leader, IReadOnlyList<int> Isr);

/// <summary>The election strategies of Kafka 2.5 (PartitionLeaderElectionAlgorithms); null means that nobody can lead.</summary>
public static class LeaderElections
{
    /// <summary>
    /// The first replica in assignment order that is live and in sync; the ISR keeps its live members. If none is, and unclean
    /// election is on, the first live replica, alone in the ISR, one that the leader had outlived before all others: what the lost ISR had
    /// beyond it is gone.
    /// </summary>
    public static ElectedLeader? Offline(ElectionInput input, bool unclean)
    {
        foreach (var replica in input.Assignment)
        {
            if (input.Live.Contains(replica) && input.Isr.Contains(replica)) return new ElectedLeader(replica, [.. input.Isr.Where(input.Live.Contains)]);
        }

        if (!unclean) return null;
        foreach (var replica in input.Assignment.Where(input.Outlived.Contains).Concat(input.Assignment))
        {
            if (input.Live.Contains(replica)) return new ElectedLeader(replica, [replica]);
        }

        return null;
    }

    /// <summary>The first replica of the assignment if it is live and in sync; the ISR stays.</summary>
    public static ElectedLeader? Preferred(ElectionInput input)
    {
        if (input.Assignment.Count == 0) return null;
        var preferred = input.Assignment[0];
        return input.Live.Contains(preferred) && input.Isr.Contains(preferred) ? new ElectedLeader(preferred, input.Isr) : null;
    }

    /// <summary>The first replica of the assignment wished for that is live and in sync; the ISR stays.</summary>
    public static ElectedLeader? Reassignment(ElectionInput input)
    {
        foreach (var replica in input.Assignment)
        {
            if (input.Live.Contains(replica) && input.Isr.Contains(replica)) return new ElectedLeader(replica, input.Isr);
        }

        return null;
    }

    /// <summary>
    /// The first replica in assignment order that is live, in sync and not shutting down; those that shut down leave the ISR.
    /// <see cref="ElectionInput.Live"/> holds the brokers in shutdown too.
    /// </summary>
    public static ElectedLeader? ControlledShutdown(ElectionInput input)
    {
        foreach (var replica in input.Assignment)
        {
            if (input.Live.Contains(replica) && input.Isr.Contains(replica) && !input.ShuttingDown.Contains(replica))
            {
                return new ElectedLeader(replica, [.. input.Isr.Where(r => !input.ShuttingDown.Contains(r))]);
            }
        }

        return null;
    }
}
