using Reference.StateMachines;

namespace Reference.Broker.Replication;

/// <summary>What a broker's replica of a partition is at the moment.</summary>
public enum ReplicaRole
{
    /// <summary>The controller has not said yet: nothing is served.</summary>
    Idle,

    /// <summary>Serves producers, consumers and followers; keeps ISR and high watermark.</summary>
    Leader,

    /// <summary>Copies the leader's log.</summary>
    Follower,

    /// <summary>Its log directory has failed: every request gets KAFKA_STORAGE_ERROR.</summary>
    Offline,

    /// <summary>Stopped by the controller or with the broker; a new LeaderAndIsr makes a new replica.</summary>
    Stopped,
}

/// <summary>What changes a replica's role.</summary>
public enum ReplicaTrigger
{
    /// <summary>LeaderAndIsr names this broker as leader.</summary>
    Lead,

    /// <summary>LeaderAndIsr names another broker, or none, as leader.</summary>
    Follow,

    /// <summary>The log directory has failed.</summary>
    LoseDisk,

    /// <summary>StopReplica, or the broker stops.</summary>
    Stop,
}

/// <summary>The legal moves between a replica's roles.</summary>
public static class ReplicaRoles
{
    /// <summary>A machine in <see cref="ReplicaRole.Idle"/>.</summary>
    public static StateMachine<ReplicaRole, ReplicaTrigger> Create()
    {
        var machine = new StateMachine<ReplicaRole, ReplicaTrigger>(ReplicaRole.Idle);
        machine.Configure(ReplicaRole.Idle)
            .Permit(ReplicaTrigger.Lead, ReplicaRole.Leader)
            .Permit(ReplicaTrigger.Follow, ReplicaRole.Follower)
            .Permit(ReplicaTrigger.LoseDisk, ReplicaRole.Offline)
            .Permit(ReplicaTrigger.Stop, ReplicaRole.Stopped);
        machine.Configure(ReplicaRole.Leader)
            .PermitReentry(ReplicaTrigger.Lead)
            .Permit(ReplicaTrigger.Follow, ReplicaRole.Follower)
            .Permit(ReplicaTrigger.LoseDisk, ReplicaRole.Offline)
            .Permit(ReplicaTrigger.Stop, ReplicaRole.Stopped);
        machine.Configure(ReplicaRole.Follower)
            .PermitReentry(ReplicaTrigger.Follow)
            .Permit(ReplicaTrigger.Lead, ReplicaRole.Leader)
            .Permit(ReplicaTrigger.LoseDisk, ReplicaRole.Offline)
            .Permit(ReplicaTrigger.Stop, ReplicaRole.Stopped);
        machine.Configure(ReplicaRole.Offline)
            .Ignore(ReplicaTrigger.LoseDisk)
            .Permit(ReplicaTrigger.Stop, ReplicaRole.Stopped);
        machine.Configure(ReplicaRole.Stopped)
            .Ignore(ReplicaTrigger.LoseDisk)
            .Ignore(ReplicaTrigger.Stop);
        return machine;
    }
}
