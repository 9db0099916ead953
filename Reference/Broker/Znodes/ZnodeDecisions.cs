using System;

namespace Reference.Broker.Znodes;

/// <summary>The decisions about what the store answers, as pure functions, so that broken variants can be put in their place and be caught.</summary>
public sealed record ZnodeDecisions
{
    /// <summary>The right ones.</summary>
    public static ZnodeDecisions Kafka { get; } = new();

    /// <summary>Owner of an ephemeral znode that stands in the way, present and past session: whose it is (KAFKA-1387, KAFKA-7165).</summary>
    public Func<long, long, long, EphemeralOwner> OwnerOf { get; init; } = EphemeralOwnership.Of;

    /// <summary>What stands in the store and what was to be written, after a write that may or may not have been carried out: whether it was (KAFKA-1382).</summary>
    public Func<PartitionStateZnode, PartitionStateZnode, bool> WasWritten { get; init; } = PartitionUpdate.WasWritten;
}
