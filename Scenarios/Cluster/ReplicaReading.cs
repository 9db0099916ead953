using System.Collections.Generic;

namespace Scenarios.Cluster;

/// <summary>What a broker says of its replica of a partition at one instant. Two readings are equal if nothing has changed between them.</summary>
/// <param name="IsLeader">It believes to lead.</param>
/// <param name="LeaderEpoch">The leader epoch it knows.</param>
/// <param name="Isr">The ISR it knows as leader; else empty.</param>
/// <param name="MaximalIsr">The ISR over which it computes the high watermark; else empty.</param>
/// <param name="HighWatermark">High watermark.</param>
/// <param name="LogEnd">Log end offset.</param>
/// <param name="LogStart">Log start offset.</param>
/// <param name="RecoveryPoint">Offset below which its broker holds everything to be on the device.</param>
/// <param name="CleanedUpTo">Offset up to which its broker holds the log to be compacted; 0 where it never was.</param>
/// <param name="Rewrites">How often its process has exchanged segments for compacted ones.</param>
public readonly record struct ReplicaReading(bool IsLeader, int LeaderEpoch, IReadOnlyList<int> Isr, IReadOnlyList<int> MaximalIsr, long HighWatermark, long LogEnd, long LogStart, long RecoveryPoint, long CleanedUpTo = 0, int Rewrites = 0);
