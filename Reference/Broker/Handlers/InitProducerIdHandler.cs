using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>InitProducerId: a fresh producer id in epoch 0 for an idempotent producer.</summary>
/// <remarks>
/// v3 lets a producer name its old id and epoch; without a transactional id it gets a new one all the same (KIP-360). Transactional
/// ids need a coordinator, which does not exist yet.
/// </remarks>
public sealed class InitProducerIdHandler(BrokerServices services) : RequestHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<InitProducerIdResponse?> Handle(InitProducerIdRequest request, RequestContext context) =>
        request.TransactionalId is null
            ? new InitProducerIdResponse { ProducerId = await services.ProducerIds.Next() }
            : new InitProducerIdResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable, ProducerEpoch = -1 };
}
