using Reference.StateMachines;

namespace Reference.Broker.Controller;

/// <summary>What a partition is to the controller.</summary>
public enum PartitionState
{
    /// <summary>It was never created, or has been deleted.</summary>
    NonExistent,

    /// <summary>It has replicas assigned, but no leader and ISR yet.</summary>
    New,

    /// <summary>A leader has been elected.</summary>
    Online,

    /// <summary>Its leader has gone, and no other has been elected.</summary>
    Offline,
}

/// <summary>What moves a partition from state to state.</summary>
public enum PartitionTrigger
{
    /// <summary>Its assignment was found.</summary>
    Create,

    /// <summary>A leader was elected.</summary>
    ElectLeader,

    /// <summary>Its leader has gone, or its topic is being deleted.</summary>
    LoseLeader,

    /// <summary>Its topic has been deleted.</summary>
    Delete,
}

/// <summary>The legal moves of a partition.</summary>
public static class PartitionLifecycle
{
    private static readonly TransitionTable<PartitionState, PartitionTrigger> s_table = new(
        (PartitionState.NonExistent, PartitionTrigger.Create, PartitionState.New),
        (PartitionState.New, PartitionTrigger.ElectLeader, PartitionState.Online),
        (PartitionState.New, PartitionTrigger.LoseLeader, PartitionState.Offline),
        (PartitionState.Online, PartitionTrigger.ElectLeader, PartitionState.Online),
        (PartitionState.Online, PartitionTrigger.LoseLeader, PartitionState.Offline),
        (PartitionState.Offline, PartitionTrigger.ElectLeader, PartitionState.Online),
        (PartitionState.Offline, PartitionTrigger.LoseLeader, PartitionState.Offline),
        (PartitionState.Offline, PartitionTrigger.Delete, PartitionState.NonExistent));

    /// <summary>A machine for one partition.</summary>
    public static StateMachine<PartitionState, PartitionTrigger> Create(PartitionState initial = PartitionState.NonExistent) => s_table.CreateMachine(initial);
}
