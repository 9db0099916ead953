using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>StopReplica: the controller tells which replicas end, and whether their logs are deleted.</summary>
/// <remarks>v1 adds the broker epoch (KIP-380); v3 decides deletion per partition and fences by leader epoch (KIP-570).</remarks>
public sealed class StopReplicaHandler(BrokerServices services) : RequestHandler<StopReplicaRequest, StopReplicaResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<StopReplicaResponse?> Handle(StopReplicaRequest request, RequestContext context) =>
        services.Decisions.IsStaleBrokerEpoch(request.BrokerEpoch, services.BrokerEpoch)
            ? new StopReplicaResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }
            : await services.Replicas.StopReplicas(request);
}
