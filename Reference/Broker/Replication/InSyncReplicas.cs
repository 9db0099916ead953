using System.Collections.Generic;

namespace Reference.Broker.Replication;

/// <summary>
/// The in-sync replicas as a leader knows them: those committed in the store, and those of a change under way, of which the leader
/// cannot know whether the store has it already (KIP-497). A sorted, immutable value.
/// </summary>
public sealed class InSyncReplicas
{
    private InSyncReplicas(IReadOnlyList<int> committed, IReadOnlyList<int>? proposed)
    {
        Committed = committed;
        Proposed = proposed;
        Maximal = proposed is null ? committed : Union(committed, proposed);
    }

    /// <summary>The ISR that was last known to stand in the store, in its order there.</summary>
    public IReadOnlyList<int> Committed { get; }

    /// <summary>The ISR of a change under way; null if there is none.</summary>
    public IReadOnlyList<int>? Proposed { get; }

    /// <summary>Every replica that may be in the store's ISR: what acknowledgements must wait for.</summary>
    public IReadOnlyList<int> Maximal { get; }

    /// <summary>True while a change is under way.</summary>
    public bool IsChanging => Proposed is not null;

    /// <summary>An ISR with no change under way.</summary>
    public static InSyncReplicas Of(IReadOnlyList<int> committed) => new([.. committed], null);

    /// <summary>The same with a change under way.</summary>
    public InSyncReplicas Propose(IReadOnlyList<int> proposed) => new(Committed, [.. proposed]);

    /// <summary>True if a replica is in the committed ISR.</summary>
    public bool HasCommitted(int replica) => Contains(Committed, replica);

    /// <summary>True if a replica is in the maximal ISR.</summary>
    public bool MayContain(int replica) => Contains(Maximal, replica);

    /// <inheritdoc/>
    public override string ToString() =>
        Proposed is null ? $"[{string.Join(',', Committed)}]" : $"[{string.Join(',', Committed)}]→[{string.Join(',', Proposed)}]";

    private static bool Contains(IReadOnlyList<int> replicas, int replica)
    {
        for (var i = 0; i < replicas.Count; i++)
        {
            if (replicas[i] == replica) return true;
        }

        return false;
    }

    private static List<int> Union(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        var union = new List<int>(one);
        foreach (var replica in other)
        {
            if (!union.Contains(replica)) union.Add(replica);
        }

        return union;
    }
}
