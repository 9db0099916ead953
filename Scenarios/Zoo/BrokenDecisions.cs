using System;
using System.Collections.Generic;
using Reference.Broker.Controller;
using Reference.Broker.Replication;
using Reference.Wire;

namespace Scenarios.Zoo;

/// <summary>The historical mistakes, each in place of one right decision.</summary>
internal static class BrokenDecisions
{
    /// <summary>KIP-101: the local high watermark lags behind the leader's, so the cut may take committed records.</summary>
    public static TruncationStep TruncateToHighWatermark(TruncationFacts facts) =>
        new(Math.Min(facts.HighWatermark, facts.LogEndOffset), Agreed: true);

    /// <summary>KAFKA-7128: right after an election the leader's high watermark lags, and so may whoever joins at it.</summary>
    public static bool JoinAtHighWatermark(IsrCandidate candidate) => candidate.FetchOffset >= candidate.HighWatermark;

    /// <summary>KIP-320: zombies of older epochs exchange records with the living.</summary>
    public static ErrorCode IgnoreLeaderEpoch(int requested, int current) => ErrorCode.None;

    /// <summary>KAFKA-13091: what only the lost member lacked is never shown as committed.</summary>
    public static bool LeaveHighWatermark(IReadOnlyList<int> before, IReadOnlyList<int> after) => false;

    /// <summary>KAFKA-6082: a controller that was paused past its session goes on writing.</summary>
    public static ControllerDecisions UnguardedController { get; } = ControllerDecisions.Kafka with { GuardOps = static _ => [] };
}
