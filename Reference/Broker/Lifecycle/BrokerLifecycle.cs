using Reference.StateMachines;

namespace Reference.Broker.Lifecycle;

/// <summary>The legal moves of a broker; its diagram stands in docs/broker-lifecycle.md.</summary>
public static class BrokerLifecycle
{
    /// <summary>A machine in <see cref="BrokerState.NotRunning"/>.</summary>
    public static StateMachine<BrokerState, BrokerTrigger> Create()
    {
        var machine = new StateMachine<BrokerState, BrokerTrigger>(BrokerState.NotRunning);
        machine.Configure(BrokerState.NotRunning)
            .Permit(BrokerTrigger.Start, BrokerState.Starting);
        machine.Configure(BrokerState.Starting)
            .Permit(BrokerTrigger.FindUncleanShutdown, BrokerState.RecoveringFromUncleanShutdown)
            .Permit(BrokerTrigger.Serve, BrokerState.RunningAsBroker)
            .Permit(BrokerTrigger.ShutDown, BrokerState.BrokerShuttingDown);
        machine.Configure(BrokerState.RecoveringFromUncleanShutdown)
            .Permit(BrokerTrigger.Serve, BrokerState.RunningAsBroker)
            .Permit(BrokerTrigger.ShutDown, BrokerState.BrokerShuttingDown);
        machine.Configure(BrokerState.RunningAsBroker)
            .Permit(BrokerTrigger.RequestControlledShutdown, BrokerState.PendingControlledShutdown)
            .Permit(BrokerTrigger.ShutDown, BrokerState.BrokerShuttingDown);
        machine.Configure(BrokerState.PendingControlledShutdown)
            .Permit(BrokerTrigger.ShutDown, BrokerState.BrokerShuttingDown);
        machine.Configure(BrokerState.BrokerShuttingDown)
            .Permit(BrokerTrigger.End, BrokerState.NotRunning);
        return machine;
    }
}
