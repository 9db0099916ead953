using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// The controller's ways to the brokers, its own included: per broker a queue and a connection. A request is repeated until it
/// is answered, the broker has gone or the reign is over; the next one waits, so that the order stays.
/// </summary>
internal sealed class ControllerChannelManager(Node node, ControllerConfig config, int controllerId, ControllerTerm term, ILogger log, Action<ReignEvent> post)
{
    private readonly SortedDictionary<int, BrokerChannel> _channels = [];

    /// <summary>Opens the way to a broker in the life that it registered with this epoch.</summary>
    public void Add(BrokerZnode broker, long epoch)
    {
        if (broker.EndpointOf(config.InterBrokerListener) is not { } endpoint)
        {
            log.LogError("Broker {Broker} has no listener {Listener}: it cannot be controlled", broker.Id, config.InterBrokerListener);
            return;
        }

        var channel = new BrokerChannel(node, config, controllerId, broker.Id, new Endpoint(endpoint.Host, endpoint.Port), term, log, (request, response) => Answer(broker.Id, epoch, request, response));
        _channels.Add(broker.Id, channel);
        node.Spawn(channel.Run());
    }

    /// <summary>Gives up the way to a broker and what waits on it.</summary>
    public void Remove(int broker)
    {
        if (_channels.Remove(broker, out var channel)) channel.Close();
    }

    /// <summary>Gives up all.</summary>
    public void Close()
    {
        foreach (var channel in _channels.Values) channel.Close();
        _channels.Clear();
    }

    /// <summary>Queues a request; without a way to the broker it is dropped, since its return tells all anew.</summary>
    public void Send(int broker, IApiMessage request)
    {
        if (_channels.TryGetValue(broker, out var channel)) channel.Send(request);
    }

    private void Answer(int broker, long epoch, IApiMessage request, IApiMessage response)
    {
        switch (response)
        {
            case LeaderAndIsrResponse leaderAndIsr:
                post(new ReignEvent.LeaderAndIsrResponseReceived(broker, epoch, leaderAndIsr));
                break;
            case StopReplicaResponse stopped when request is StopReplicaRequest asked && BrokerChannel.Deletions(asked, stopped) is { Count: > 0 } deletions:
                post(new ReignEvent.ReplicasDeleted(broker, epoch, deletions));
                break;
            case UpdateMetadataResponse { ErrorCode: not Wire.ErrorCode.None } refused:
                log.LogWarning("Broker {Broker} refused UpdateMetadata: {Error}", broker, refused.ErrorCode);
                break;
        }
    }
}
