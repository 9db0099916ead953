using System;
using System.Collections.Generic;
using Reference.Broker.Controller;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Wire;

namespace Reference.Broker;

/// <summary>
/// The decisions of a broker, pure functions handed to its constructors, so that a study can replace one of them by a historical
/// mistake and see who notices.
/// </summary>
public sealed record BrokerDecisions
{
    /// <summary>The right ones.</summary>
    public static BrokerDecisions Kafka { get; } = new();

    /// <summary>Those of storage.</summary>
    public LogDecisions Log { get; init; } = LogDecisions.Kafka;

    /// <summary>Those of the controller.</summary>
    public ControllerDecisions Controller { get; init; } = new();

    /// <summary>Those about what the store answers.</summary>
    public ZnodeDecisions Znodes { get; init; } = ZnodeDecisions.Kafka;

    /// <summary>How far a follower cuts its log (KIP-101, KIP-279).</summary>
    public Func<TruncationFacts, TruncationStep> FollowerTruncation { get; init; } = ReplicationDecisions.TruncateFollower;

    /// <summary>Whether a follower may join the ISR (KAFKA-7128).</summary>
    public Func<IsrCandidate, bool> MayJoinIsr { get; init; } = ReplicationDecisions.MayJoinIsr;

    /// <summary>Requested and current leader epoch: whether Fetch, ListOffsets and OffsetForLeaderEpoch are answered (KIP-320).</summary>
    public Func<int, int, ErrorCode> CheckLeaderEpoch { get; init; } = ReplicationDecisions.CheckLeaderEpoch;

    /// <summary>Leader's log end and followers: the high watermark (KIP-497).</summary>
    public Func<long, IReadOnlyList<ReplicaProgress>, long> HighWatermark { get; init; } = ReplicationDecisions.HighWatermark;

    /// <summary>ISR before and after a change: whether the high watermark is computed anew (KAFKA-13091).</summary>
    public Func<IReadOnlyList<int>, IReadOnlyList<int>, bool> RaisesHighWatermarkAfter { get; init; } = ReplicationDecisions.RaisesHighWatermarkAfter;

    /// <summary>Leader's start and end and the local end: what a follower does about OFFSET_OUT_OF_RANGE (KAFKA-2143).</summary>
    public Func<long, long, long, OutOfRangeReaction> ReactToOutOfRange { get; init; } = ReplicationDecisions.ReactToOutOfRange;

    /// <summary>Whether a delayed operation is tried again once it is watched (KAFKA-6653).</summary>
    public bool TriesOnceWatched { get; init; } = true;

    /// <summary>Requested and own broker epoch: whether a control request is of an earlier incarnation (KIP-380).</summary>
    public Func<long, long, bool> IsStaleBrokerEpoch { get; init; } = ReplicationDecisions.IsStaleBrokerEpoch;
}
