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
    /// <summary>A machine for one partition.</summary>
    public static StateMachine<PartitionState, PartitionTrigger> Create(PartitionState initial = PartitionState.NonExistent)
    {
        var machine = new StateMachine<PartitionState, PartitionTrigger>(initial);
        machine.Configure(PartitionState.NonExistent)
            .Permit(PartitionTrigger.Create, PartitionState.New);
        machine.Configure(PartitionState.New)
            .Permit(PartitionTrigger.ElectLeader, PartitionState.Online)
            .Permit(PartitionTrigger.LoseLeader, PartitionState.Offline);
        machine.Configure(PartitionState.Online)
            .PermitReentry(PartitionTrigger.ElectLeader)
            .Permit(PartitionTrigger.LoseLeader, PartitionState.Offline);
        machine.Configure(PartitionState.Offline)
            .Permit(PartitionTrigger.ElectLeader, PartitionState.Online)
            .PermitReentry(PartitionTrigger.LoseLeader)
            .Permit(PartitionTrigger.Delete, PartitionState.NonExistent);
        return machine;
    }
}
