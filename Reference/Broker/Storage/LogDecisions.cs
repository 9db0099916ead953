using System;
using System.Collections.Generic;

namespace Reference.Broker.Storage;

/// <summary>When the clean-shutdown marker is removed on a start.</summary>
public enum MarkerRemoval
{
    /// <summary>Before the first log is touched: a crash while loading leaves no false promise.</summary>
    BeforeLoading,

    /// <summary>After the last log is loaded (KAFKA-10471).</summary>
    AfterLoading,
}

/// <summary>The decisions of storage, handed to its constructors so that a study can replace one by a historical mistake.</summary>
public sealed record LogDecisions
{
    /// <summary>The right ones.</summary>
    public static LogDecisions Kafka { get; } = new();

    /// <summary>Whether an append goes to a new segment.</summary>
    public Func<RollState, LogConfig, bool> ShouldRoll { get; init; } = RollDecision.ShouldRoll;

    /// <summary>How many of the oldest segments are deleted.</summary>
    public Func<IReadOnlyList<SegmentFacts>, LogConfig, long, long, long, int> SegmentsToDelete { get; init; } = RetentionDecision.CountToDelete;

    /// <summary>Where a slice ends: see <see cref="ReadBound.SliceEnd"/>.</summary>
    public Func<int, int, int, int> SliceEnd { get; init; } = ReadBound.SliceEnd;

    /// <summary>Where a leader epoch ends: see <see cref="EpochEndOffset.Find"/>.</summary>
    public Func<IReadOnlyList<EpochEntry>, int, long, EpochEntry> EndOffsetOf { get; init; } = EpochEndOffset.Find;

    /// <summary>Up to where a log was compacted, and where it ends after a truncation: up to where it counts as compacted then (KAFKA-3330).</summary>
    public Func<long, long, long> CleanedAfterTruncation { get; init; } = Math.Min;

    /// <summary>When the clean-shutdown marker goes.</summary>
    public MarkerRemoval MarkerRemoval { get; init; } = MarkerRemoval.BeforeLoading;
}
