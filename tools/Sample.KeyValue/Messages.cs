using System.Collections.Immutable;

namespace tools.Sample.KeyValue;

/// <summary>All that a replica keeps on its disk.</summary>
/// <param name="Promised">The highest epoch it has promised to follow.</param>
/// <param name="Epoch">The epoch of the primary from which it has the values.</param>
/// <param name="Version">How many writes of that primary are in them.</param>
/// <param name="Values">The values by key.</param>
public sealed record ReplicaState(long Promised, long Epoch, long Version, ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>A replica that has never heard of anything.</summary>
    public static ReplicaState Empty { get; } = new(0, 0, 0, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>Whether its values are newer than those of another.</summary>
    public bool IsNewerThan(ReplicaState other) => (Epoch, Version).CompareTo((other.Epoch, other.Version)) > 0;
}

/// <summary>What a replica asks of another, one line of JSON: promise me an epoch, accept a state, or confirm that I still lead.</summary>
public sealed record PeerRequest(string Kind, long Epoch, ReplicaState? State = null)
{
    public const string Promise = "promise";
    public const string Accept = "accept";
    public const string Confirm = "confirm";
}

/// <summary>The answer, one line of JSON.</summary>
/// <param name="Granted">Whether it does what it was asked.</param>
/// <param name="Promised">The highest epoch it has promised to follow.</param>
/// <param name="State">Its state, with a promise.</param>
public sealed record PeerReply(bool Granted, long Promised, ReplicaState? State = null);
