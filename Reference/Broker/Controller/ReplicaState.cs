using Reference.StateMachines;

namespace Reference.Broker.Controller;

/// <summary>What a replica is to the controller.</summary>
public enum ReplicaState
{
    /// <summary>It was never created, or has been deleted.</summary>
    NonExistent,

    /// <summary>It is assigned and being created; it can only become a follower.</summary>
    New,

    /// <summary>It has been started; it leads or follows.</summary>
    Online,

    /// <summary>Its broker is down or has been told to stop it.</summary>
    Offline,

    /// <summary>Its broker has been told to delete it.</summary>
    DeletionStarted,

    /// <summary>Its broker has deleted it.</summary>
    DeletionSuccessful,

    /// <summary>It cannot be deleted now: its broker is down, or deletion failed.</summary>
    DeletionIneligible,
}

/// <summary>What moves a replica from state to state.</summary>
public enum ReplicaTrigger
{
    /// <summary>It was assigned.</summary>
    Create,

    /// <summary>Its broker is up and is told about it.</summary>
    Start,

    /// <summary>Its broker has gone, or it is to be stopped.</summary>
    Stop,

    /// <summary>Its broker is told to delete it.</summary>
    Delete,

    /// <summary>Its broker has deleted it.</summary>
    Deleted,

    /// <summary>It cannot be deleted now.</summary>
    FailDeletion,

    /// <summary>Its topic has been deleted.</summary>
    Forget,
}

/// <summary>The legal moves of a replica.</summary>
public static class ReplicaLifecycle
{
    private static readonly TransitionTable<ReplicaState, ReplicaTrigger> s_table = new(
        (ReplicaState.NonExistent, ReplicaTrigger.Create, ReplicaState.New),
        (ReplicaState.New, ReplicaTrigger.Start, ReplicaState.Online),
        (ReplicaState.New, ReplicaTrigger.Stop, ReplicaState.Offline),
        (ReplicaState.Online, ReplicaTrigger.Start, ReplicaState.Online),
        (ReplicaState.Online, ReplicaTrigger.Stop, ReplicaState.Offline),
        (ReplicaState.Offline, ReplicaTrigger.Start, ReplicaState.Online),
        (ReplicaState.Offline, ReplicaTrigger.Stop, ReplicaState.Offline),
        (ReplicaState.Offline, ReplicaTrigger.Delete, ReplicaState.DeletionStarted),
        (ReplicaState.Offline, ReplicaTrigger.FailDeletion, ReplicaState.DeletionIneligible),
        (ReplicaState.DeletionStarted, ReplicaTrigger.Deleted, ReplicaState.DeletionSuccessful),
        (ReplicaState.DeletionStarted, ReplicaTrigger.FailDeletion, ReplicaState.DeletionIneligible),
        (ReplicaState.DeletionSuccessful, ReplicaTrigger.Forget, ReplicaState.NonExistent),
        (ReplicaState.DeletionIneligible, ReplicaTrigger.Start, ReplicaState.Online),
        (ReplicaState.DeletionIneligible, ReplicaTrigger.Stop, ReplicaState.Offline));

    /// <summary>A machine for one replica.</summary>
    public static StateMachine<ReplicaState, ReplicaTrigger> Create(ReplicaState initial = ReplicaState.NonExistent) => s_table.CreateMachine(initial);
}
