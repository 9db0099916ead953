using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>UpdateMetadata: the controller tells every broker who lives and who leads, for the answers to Metadata.</summary>
/// <remarks>v5 adds the broker epoch (KIP-380).</remarks>
public sealed class UpdateMetadataHandler(BrokerServices services) : RequestHandler<UpdateMetadataRequest, UpdateMetadataResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<UpdateMetadataResponse?> Handle(UpdateMetadataRequest request, RequestContext context)
    {
        var error = Apply(request);
        if (error == ErrorCode.None) await services.Replicas.RemoveStrays(request);
        return new UpdateMetadataResponse { ErrorCode = error };
    }

    private ErrorCode Apply(UpdateMetadataRequest request)
    {
        if (services.Decisions.IsStaleBrokerEpoch(request.BrokerEpoch, services.BrokerEpoch)) return ErrorCode.StaleBrokerEpoch;
        if (!services.Replicas.AcceptsController(request.ControllerEpoch)) return ErrorCode.StaleControllerEpoch;
        foreach (var topic in services.Metadata.Update(request)) services.TopicChanges.CheckAndComplete(topic);
        return ErrorCode.None;
    }
}
