using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>LeaderAndIsr: the controller tells which replicas lead and which follow. Fenced by controller, broker and leader epoch.</summary>
/// <remarks>v2 adds the broker epoch (KIP-380); v3 adding and removing replicas (KIP-455).</remarks>
public sealed class LeaderAndIsrHandler(BrokerServices services) : RequestHandler<LeaderAndIsrRequest, LeaderAndIsrResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<LeaderAndIsrResponse?> Handle(LeaderAndIsrRequest request, RequestContext context) =>
        services.Decisions.IsStaleBrokerEpoch(request.BrokerEpoch, services.BrokerEpoch)
            ? new LeaderAndIsrResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }
            : await services.Replicas.BecomeLeaderOrFollower(request);
}
