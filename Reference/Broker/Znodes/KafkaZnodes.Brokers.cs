using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <summary>A broker's registration with the epoch of that registration: the transaction that created it (KIP-380).</summary>
public sealed record RegisteredBroker(BrokerZnode Info, long Epoch)
{
    /// <summary>The broker's id.</summary>
    public int Id => Info.Id;
}

/// <summary>Another live session holds the registration of this broker id.</summary>
public sealed class BrokerIdTakenException(int brokerId)
    : Exception($"Broker id {brokerId} is registered already: another broker runs with it, or the session of its last run has not expired yet.");

public sealed partial class KafkaZnodes
{
    /// <summary>
    /// Registers a broker in the present session and gives the epoch of the registration. A registration left by this process's
    /// own past session is replaced; somebody else's is waited for as long as <paramref name="patience"/> (a broker that was
    /// killed and came back meets its own last run there until that session expires).
    /// </summary>
    /// <exception cref="BrokerIdTakenException">It did not go away.</exception>
    /// <exception cref="CoordinationException">SessionExpired: the session ended meanwhile; register again in the next one.</exception>
    public async LoopTask<long> RegisterBroker(BrokerZnode broker, TimeSpan patience)
    {
        var deadline = _node.Clock.MonotonicMicros + (long)patience.TotalMicroseconds;
        while (true)
        {
            var stat = await CreateEphemeral(KafkaPaths.Broker(broker.Id), broker.Encode());
            if (stat is { } own) return own.Czxid;
            if (_node.Clock.MonotonicMicros >= deadline) throw new BrokerIdTakenException(broker.Id);
            await _node.Clock.Delay(CoordinationSession.RetryPause);
        }
    }

    /// <summary>Takes the registration away on an orderly stop, sooner than the session's end would.</summary>
    public async LoopTask UnregisterBroker(int brokerId)
    {
        var result = await Session.Write([CoordinationOp.Delete(KafkaPaths.Broker(brokerId))]);
        if (result.Error != CoordinationError.NoNode) result.ThrowUnlessOk($"Unregistering broker {brokerId}");
    }

    /// <summary>The ids of the live brokers, ascending; watches for the next change.</summary>
    public async LoopTask<IReadOnlyList<int>> BrokerIds(Action<WatchEvent>? watch = null) =>
        ParseIds((await Session.Children(KafkaPaths.BrokerIds, watch)).Names);

    /// <summary>A broker's registration, or null.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<RegisteredBroker?> Broker(int brokerId, Action<WatchEvent>? watch = null) =>
        await Session.TryGet(KafkaPaths.Broker(brokerId), watch) is { } found
            ? new RegisteredBroker(BrokerZnode.Decode(brokerId, found.Data), found.Stat.Czxid)
            : null;

    /// <summary>The epoch of a broker's registration, or null.</summary>
    public async LoopTask<long?> BrokerEpoch(int brokerId) => (await Session.Exists(KafkaPaths.Broker(brokerId)))?.Czxid;

    /// <summary>
    /// All live brokers by ascending id, with the epochs of their registrations; watches for the next change of the set. A registration
    /// that cannot be read is logged and left out: the others must go on.
    /// </summary>
    public async LoopTask<IReadOnlyList<RegisteredBroker>> Brokers(Action<WatchEvent>? watch = null)
    {
        var result = new List<RegisteredBroker>();
        foreach (var id in await BrokerIds(watch))
        {
            try
            {
                if (await Broker(id) is { } broker) result.Add(broker);
            }
            catch (MalformedZnodeException e)
            {
                _log.LogError("Broker {Broker} counts as dead: {Reason}", id, e.Message);
            }
        }

        return result;
    }

    /// <summary>Creates an ephemeral znode in the present session; null if it is somebody else's or was our own past session's a moment ago.</summary>
    private async LoopTask<ZnodeStat?> CreateEphemeral(string path, byte[] data)
    {
        var generation = Session.Generation;
        while (true)
        {
            var result = await Session.WriteInSession(generation, [CoordinationOp.Create(path, data, CreateMode.Ephemeral)]);
            if (result.Ok && await Session.TryGet(path) is { } created) return created.Stat;
            if (!result.Ok && result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk($"Creating {path}");
            if (result.Ok || await Session.TryGet(path) is not { } existing) continue;
            switch (_decisions.OwnerOf(existing.Stat.EphemeralOwner, Session.SessionId, Session.PastSessionId))
            {
                case EphemeralOwner.Own:
                    return existing.Stat;
                case EphemeralOwner.OwnPast:
                    await Session.WriteInSession(generation, [CoordinationOp.Delete(path, existing.Stat.Version)]);
                    break;
                default:
                    return null;
            }
        }
    }
}
