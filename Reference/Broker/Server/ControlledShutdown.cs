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
            catch (Exception e) when (e is RpcException or WireException)
            {
                log.LogWarning("Controlled shutdown, attempt {Attempt}: {Reason}", attempt + 1, e.Message);
            }
        }

        return false;
    }

    private async LoopTask<bool> Ask()
    {
        if (await FindController() is not { } broker) return false;
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

    /// <summary>Who the controller is; null if that cannot be learned in time. Reads of the store wait for its return, however long, but a broker must be able to stop without it.</summary>
    private async LoopTask<RegisteredBroker?> FindController()
    {
        if (znodes.Session.Client.State != CoordinationState.Connected)
        {
            Failed("the coordination store cannot be reached");
            return null;
        }

        var found = new LoopPromise<RegisteredBroker?>();
        node.Spawn(ReadController(found));
        if (await found.WaitFor(node.Clock, TimeSpan.FromMilliseconds(config.ControllerSocketTimeoutMs))) return found.Result;
        Failed("the coordination store did not answer in time");
        return null;
    }

    private async LoopTask ReadController(LoopPromise<RegisteredBroker?> found)
    {
        try
        {
            var broker = await znodes.Controller() is { } controller ? await znodes.Broker(controller.Controller.BrokerId) : null;
            if (broker is null) Failed("there is no registered controller");
            found.TrySetResult(broker);
        }
        catch (Exception e) when (e is CoordinationException or MalformedZnodeException)
        {
            Failed(e.Message);
            found.TrySetResult(null);
        }
    }

    private bool Failed(string reason)
    {
        log.LogWarning("Controlled shutdown is not done: {Reason}", reason);
        return false;
    }
}
