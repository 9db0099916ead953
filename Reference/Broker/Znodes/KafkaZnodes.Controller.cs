using System;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <summary>What an election gave.</summary>
/// <param name="Epoch">The new controller epoch.</param>
/// <param name="EpochZkVersion">The version of /controller_epoch that fences this reign.</param>
public readonly record struct ControllerElection(int Epoch, int EpochZkVersion);

public sealed partial class KafkaZnodes
{
    /// <summary>The controller and the session that holds its znode, or null.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<(ControllerZnode Controller, ZnodeStat Stat)?> Controller() =>
        await Session.TryGet(KafkaPaths.Controller) is { } found ? (ControllerZnode.Decode(found.Data), found.Stat) : null;

    /// <summary>Watches for the coming, going and change of the controller.</summary>
    public LoopTask WatchController(Action<WatchEvent> watch) => Session.Exists(KafkaPaths.Controller, watch).AsVoid();

    /// <summary>The epoch of the latest controller, 0 before the first, with its znode's version.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<ControllerElection> ControllerEpoch()
    {
        while (true)
        {
            if (await Session.TryGet(KafkaPaths.ControllerEpoch) is { } found)
            {
                return new ControllerElection(ControllerEpochZnode.Decode(found.Data), found.Stat.Version);
            }

            var result = await Session.Write([CoordinationOp.Create(KafkaPaths.ControllerEpoch, ControllerEpochZnode.Encode(0))]);
            if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk("Creating the controller epoch");
        }
    }

    /// <summary>
    /// Makes a broker the controller: /controller and the next epoch in one write. Who gets one gets both, so that two
    /// controllers never share an epoch.
    /// </summary>
    /// <exception cref="ControllerMovedException">Another broker was faster.</exception>
    /// <exception cref="CoordinationException">SessionExpired: the session ended meanwhile.</exception>
    public async LoopTask<ControllerElection> RegisterController(int brokerId)
    {
        var generation = Session.Generation;
        var current = await ControllerEpoch();
        var epoch = checked(current.Epoch + 1);
        var data = new ControllerZnode(brokerId, _node.Clock.WallMillis).Encode();
        var result = await Session.WriteInSession(
            generation,
            [
                CoordinationOp.Create(KafkaPaths.Controller, data, CreateMode.Ephemeral),
                CoordinationOp.SetData(KafkaPaths.ControllerEpoch, ControllerEpochZnode.Encode(epoch), current.EpochZkVersion),
            ]);
        if (result.Ok) return new ControllerElection(epoch, result.Results[1].Stat!.Value.Version);
        if (result.Error is not (CoordinationError.NodeExists or CoordinationError.BadVersion)) result.ThrowUnlessOk("Electing a controller");
        if (result.Doubtful && await WasElected(generation, epoch, current.EpochZkVersion + 1)) return new ControllerElection(epoch, current.EpochZkVersion + 1);
        throw new ControllerMovedException($"Another broker became controller before broker {brokerId} with epoch {epoch}.");
    }

    /// <summary>Gives the controllership of the present session up, if it still has it: the watch of the others makes them elect.</summary>
    public async LoopTask AbdicateController()
    {
        var generation = Session.Generation;
        if (await Controller() is not { } found || found.Stat.EphemeralOwner != Session.SessionId || generation != Session.Generation) return;
        var result = await Session.WriteInSession(generation, [CoordinationOp.Delete(KafkaPaths.Controller, found.Stat.Version)]);
        if (result.Error is not (CoordinationError.NoNode or CoordinationError.BadVersion)) result.ThrowUnlessOk("Giving up the controllership");
    }

    private async LoopTask<bool> WasElected(int generation, int epoch, int epochZkVersion)
    {
        var now = await ControllerEpoch();
        return await Controller() is { } found
            && found.Stat.EphemeralOwner == Session.SessionId
            && generation == Session.Generation
            && now == new ControllerElection(epoch, epochZkVersion);
    }
}
