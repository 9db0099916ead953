using System;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>Asks the controller, wherever it is, to move this broker's leaders away, until it has done so or the retries are used up.</summary>
internal sealed class ControlledShutdown(Node node, BrokerConfig config, KafkaZnodes znodes, int brokerId, Func<long> brokerEpoch, ILogger log)
{
    private const short Version = 3;

    /// <summary>True if the broker leads nothing any more.</summary>
    public async LoopTask<bool> Run()
    {
        for (var attempt = 0; attempt <= config.ControlledShutdownMaxRetries; attempt++)
        {
            if (attempt > 0) await node.Clock.Delay(TimeSpan.FromMilliseconds(config.ControlledShutdownRetryBackoffMs));
            try
            {
                if (await Ask()) return true;
            }
            catch (Exception e) when (e is RpcException or WireException or CoordinationException or MalformedZnodeException)
            {
                log.LogWarning("Controlled shutdown, attempt {Attempt}: {Reason}", attempt + 1, e.Message);
            }
        }

        return false;
    }

    private async LoopTask<bool> Ask()
    {
        if (await znodes.Controller() is not { } controller) return Failed("there is no controller");
        if (await znodes.Broker(controller.Controller.BrokerId) is not { } broker) return Failed("the controller is not registered");
        if (broker.Info.EndpointOf(BrokerServer.ListenerName) is not { } endpoint) return Failed("the controller has no listener for brokers");
        var peer = new PeerClient(
            node,
            () => new Endpoint(endpoint.Host, endpoint.Port),
            $"broker-{brokerId}-shutdown",
            TimeSpan.FromMilliseconds(config.ControllerSocketTimeoutMs));
        try
        {
            var request = new ControlledShutdownRequest { BrokerId = brokerId, BrokerEpoch = brokerEpoch() };
            var response = await peer.Call<ControlledShutdownRequest, ControlledShutdownResponse>(request, Version);
            if (response.ErrorCode == ErrorCode.None && response.RemainingPartitions.Count == 0) return true;
            return Failed($"the controller answered {response.ErrorCode} with {response.RemainingPartitions.Count} partitions remaining");
        }
        finally
        {
            peer.Close();
        }
    }

    private bool Failed(string reason)
    {
        log.LogWarning("Controlled shutdown is not done: {Reason}", reason);
        return false;
    }
}
