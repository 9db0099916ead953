using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>ControlledShutdown: a broker asks the controller to move its leaders away before it stops.</summary>
/// <remarks>v2 adds the broker epoch (KIP-380).</remarks>
public sealed class ControlledShutdownHandler(BrokerServices services) : RequestHandler<ControlledShutdownRequest, ControlledShutdownResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<ControlledShutdownResponse?> Handle(ControlledShutdownRequest request, RequestContext context) =>
        await services.Controller.ShutdownBroker(request.BrokerId, request.BrokerEpoch);
}
