using System;
using System.Collections.Generic;
using Reference.Broker.Znodes;
using Reference.Coordination;

namespace Reference.Broker.Controller;

/// <summary>The controller's decisions as pure functions, so that broken variants can be put in their place and be caught.</summary>
public sealed record ControllerDecisions
{
    /// <summary>The right ones.</summary>
    public static ControllerDecisions Kafka { get; } = new();

    /// <summary>
    /// The operations put before every write of a controller, given the version of /controller_epoch that its election made: as
    /// soon as another controller is elected they fail, and the write with them (KAFKA-6082).
    /// </summary>
    public Func<int, IReadOnlyList<CoordinationOp>> GuardOps { get; init; } =
        static epochZkVersion => [CoordinationOp.Check(KafkaPaths.ControllerEpoch, epochZkVersion)];

    /// <summary>A partition's state before and after the epoch that announces a step of its move: which of them the controller goes on with (KAFKA-9212).</summary>
    public Func<PartitionStateZnode, PartitionStateZnode, PartitionStateZnode> KnownAfterAnnouncement { get; init; } = static (_, written) => written;

    /// <summary>
    /// The epoch under which a broker is known and the one under which it is registered: whether it has restarted since, so that it must
    /// be told all anew (KIP-380). An id that was gone and back between two looks is the same id.
    /// </summary>
    public Func<long, long, bool> HasRestarted { get; init; } = static (known, registered) => registered != known;

    /// <summary>Who leads when the leader is gone.</summary>
    public Func<ElectionInput, bool, ElectedLeader?> OfflineElection { get; init; } = LeaderElections.Offline;

    /// <summary>Whether the preferred replica may lead.</summary>
    public Func<ElectionInput, ElectedLeader?> PreferredElection { get; init; } = LeaderElections.Preferred;

    /// <summary>Who leads when the leader is not among the replicas that a reassignment wishes for.</summary>
    public Func<ElectionInput, ElectedLeader?> ReassignmentElection { get; init; } = LeaderElections.Reassignment;

    /// <summary>Who leads instead of a broker that wants to stop.</summary>
    public Func<ElectionInput, ElectedLeader?> ControlledShutdownElection { get; init; } = LeaderElections.ControlledShutdown;
}
