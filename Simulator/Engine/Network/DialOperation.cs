using System;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>
/// A connect in the making. The operation's own due time is the timeout; two world events carry the SYN there and the answer
/// back. A blocked direction swallows them: SYNs are sent again only by dialling again.
/// </summary>
internal sealed class DialOperation(SimProcess process, SimMachine target, Endpoint remote) : LoopOperation<IConnection>
{
    private readonly SimWorld _world = process.Machine.World;

    private int _slot;

    public override ushort Kind => EngineEventKinds.Dial;

    public void Begin()
    {
        var there = _world.Network.Link(process.Machine, target);
        var delay = TimeSpan.FromMicroseconds(there.ArrivalMicros(0) - _world.NowMicros);
        _world.Schedule(delay, ArriveAtTarget);
        _slot = Record(process.Machine, target, "connect");
    }

    protected override void Fire() => Fault(new NetworkException(NetworkError.TimedOut, $"No answer from {remote} in time."));

    private void ArriveAtTarget()
    {
        var swallowed = _world.Network.IsBlocked(process.Machine, target) || !target.HasPower;
        _world.Timeline?.Ended(_slot, swallowed ? MessageEnd.Lost : MessageEnd.Arrived);
        if (!process.Loop.IsAlive || IsDone || !IsScheduled || swallowed) return;
        SimConnection? mine = null;
        SimListener? listener = null;
        target.Process?.Listeners.TryGetValue(remote.Port, out listener);
        if (listener is { HasRoom: false }) return; // a full backlog drops the SYN
        if (listener is not null)
        {
            (mine, var theirs) = SimConnection.Pair(process, new Endpoint(process.Machine.Name, process.NextEphemeralPort++), target.Process!, remote);
            listener.Offer(theirs);
        }

        var back = _world.Network.Link(target, process.Machine);
        var delay = TimeSpan.FromMicroseconds(back.ArrivalMicros(0) - _world.NowMicros);
        _world.Schedule(delay, () => ArriveBack(mine));
        _slot = Record(target, process.Machine, mine is null ? "refused" : "accepted");
    }

    private void ArriveBack(SimConnection? connection)
    {
        var lost = _world.Network.IsBlocked(target, process.Machine);
        _world.Timeline?.Ended(_slot, lost ? MessageEnd.Lost : MessageEnd.Arrived);
        if (!process.Loop.IsAlive || !IsScheduled || lost)
        {
            connection?.Break(); // nobody at this end knows of it
            return;
        }

        process.Loop.Cancel(this);
        process.Schedule(connection is null
            ? new Answer(() => Fault(new NetworkException(NetworkError.Refused, $"{remote} refused the connection: nobody listens there.")))
            : new Answer(() => Complete(connection)));
    }

    private int Record(SimMachine from, SimMachine to, string label) => _world.Timeline is { } timeline
        ? timeline.Sent(from, to, timeline.Connection(new Endpoint(process.Machine.Name, 0), remote), label, 0)
        : 0;

    private sealed class Answer(Action action) : LoopEvent
    {
        public override ushort Kind => EngineEventKinds.Dial;

        protected override void Fire() => action();
    }
}
