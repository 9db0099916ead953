using System;
using System.Collections.Generic;

namespace Reference.Broker.Replication;

/// <summary>Who chooses the replica that a consumer reads from (KIP-392): <c>replica.selector.class</c>.</summary>
public enum ReplicaSelector
{
    /// <summary>Always the leader.</summary>
    Leader,

    /// <summary>An in-sync replica in the consumer's rack, if there is one.</summary>
    RackAware,
}

/// <summary>A follower that has what a consumer asks for, as its leader sees it.</summary>
/// <param name="BrokerId">Broker id.</param>
/// <param name="Rack">Its rack, or null.</param>
/// <param name="LogEndOffset">Its log end.</param>
/// <param name="LastCaughtUpMs">When it last had all that the leader had.</param>
public readonly record struct ReadCandidate(int BrokerId, string? Rack, long LogEndOffset, long LastCaughtUpMs);

/// <summary>The choices of <see cref="ReplicaSelector"/>: pure.</summary>
public static class ReplicaSelectors
{
    /// <summary>The leader if it stands in the consumer's rack or nobody does; else of those who do the one furthest ahead.</summary>
    /// <param name="clientRack">The consumer's rack; empty if it has none.</param>
    /// <param name="leaderRack">The leader's rack, or null.</param>
    /// <param name="followers">Those that may serve it.</param>
    /// <returns>A follower's broker id; null for the leader.</returns>
    public static int? RackAware(string clientRack, string? leaderRack, IReadOnlyList<ReadCandidate> followers)
    {
        if (clientRack.Length == 0 || string.Equals(clientRack, leaderRack, StringComparison.Ordinal)) return null;
        ReadCandidate? best = null;
        foreach (var follower in followers)
        {
            if (!string.Equals(follower.Rack, clientRack, StringComparison.Ordinal)) continue;
            if (best is not { } other || IsAheadOf(follower, other)) best = follower;
        }

        return best?.BrokerId;
    }

    private static bool IsAheadOf(ReadCandidate one, ReadCandidate other) =>
        (one.LogEndOffset, one.LastCaughtUpMs, -one.BrokerId).CompareTo((other.LogEndOffset, other.LastCaughtUpMs, -other.BrokerId)) > 0;
}
