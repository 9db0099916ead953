using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>
/// One end of a simulated TCP connection. It holds what has arrived and not been read, and what this end has sent and not yet
/// got across; segments of a direction arrive in order, each by an event of the world.
/// </summary>
internal sealed class SimConnection : IConnection
{
    private readonly SimProcess _process;
    private readonly SimWorld _world;
    private readonly StreamBuffer _received = new();
    private readonly Queue<Segment> _inFlight = new();
    private readonly ReadOperation _read;
    private readonly WriteOperation _write;
    private readonly Stack<Arrival> _idleArrivals = new();
    private SimConnection _peer = null!;
    private LinkState _link = null!;
    private FlowState _flow = null!;
    private TrafficRecord? _record;
    private long _lastArrival;
    private long _delayMicros;
    private int _bytesOutstanding;
    private bool _orphans;
    private bool _held;
    private bool _gone;
    private bool _powerLost;
    private bool _lingers;

    private SimConnection(SimProcess process, Endpoint local, Endpoint remote)
    {
        _process = process;
        _world = process.Machine.World;
        Local = local;
        Remote = remote;
        _read = new ReadOperation(this);
        _write = new WriteOperation(this);
        process.Register(this);
    }

    private enum SegmentKind : byte
    {
        Data,
        Fin,
        Rst,

        /// <summary>The path breaks the connection here: both ends see a reset.</summary>
        Cut,

        /// <summary>The path breaks the connection behind what came before: the sender sees a reset, the receiver the end.</summary>
        Orphan,
    }

    public Endpoint Local { get; }

    public Endpoint Remote { get; }

    internal SimMachine PeerMachine => _peer._process.Machine;

    private bool WritingFinished { get; set; }

    private bool ClosedHere { get; set; }

    private bool ResetSeen { get; set; }

    private int WindowLeft => _world.Options.SendWindowBytes - _bytesOutstanding - _peer._received.Count;

    public static (SimConnection Dialler, SimConnection Acceptor) Pair(SimProcess dialler, Endpoint local, SimProcess acceptor, Endpoint remote)
    {
        var a = new SimConnection(dialler, local, remote);
        var b = new SimConnection(acceptor, remote, local);
        a._peer = b;
        b._peer = a;
        a._flow = b._flow = a._world.Network.Flow(dialler.Machine, acceptor.Machine);
        a._link = a._world.Network.Link(dialler.Machine, acceptor.Machine);
        b._link = a._world.Network.Link(acceptor.Machine, dialler.Machine);
        if (a._world.Timeline is { } timeline) (a._record, b._record) = TrafficRecord.Pair(timeline, dialler.Machine, local, acceptor.Machine, remote);
        return (a, b);
    }

    public LoopTask<int> Read(Memory<byte> buffer)
    {
        _read.Begin(buffer);
        return _read.Task;
    }

    public LoopTask Write(ReadOnlyMemory<byte> data)
    {
        _world.NoteRequest("write to a connection of length", data.Span);
        _write.Begin(data);
        return new LoopTask(_write.Task);
    }

    public async LoopTask WriteFile(IFile file, long position, int count)
    {
        var buffer = new byte[count];
        var read = await file.ReadFully(position, buffer);
        if (read < count) throw new DiskException(DiskError.Io, $"{file.Path} ends at {position + read}, before the region of {count} bytes at {position} that was to be sent.");
        await Write(buffer);
    }

    public void FinishWriting()
    {
        if (WritingFinished || ClosedHere || ResetSeen) return;
        WritingFinished = true;
        Send(SegmentKind.Fin);
        _write.Abort(NetworkError.Closed, "Writing was finished on this connection before the write had ended.");
    }

    public void Close()
    {
        if (ClosedHere) return;
        FinishWriting();
        EndHere(NetworkError.Closed, "The connection was closed at this end.");
    }

    public void Reset()
    {
        if (ClosedHere) return; // what close has promised to deliver stays promised
        if (!ResetSeen) Send(SegmentKind.Rst);
        EndHere(NetworkError.Closed, "The connection was reset at this end.");
    }

    /// <summary>Both ends see a reset: the path between them broke the connection.</summary>
    internal void Break()
    {
        ReceiveReset();
        _peer.ReceiveReset();
    }

    /// <summary>The process at this end is gone; its machine answers for it, if it still has power.</summary>
    internal void OnProcessDeath(bool resetPeer)
    {
        _gone = true;
        ClosedHere = true;
        if (resetPeer) Send(SegmentKind.Rst);
        else OnPowerLoss();
    }

    /// <summary>The machine at this end has no power any more, nor what its kernel was to send.</summary>
    internal void OnPowerLoss()
    {
        _powerLost = true;
        if (_held) DropInFlight();
    }

    /// <summary>The link is open again: TCP sends what it held.</summary>
    internal void RetryHeld()
    {
        if (!_held) return;
        _held = false;
        ScheduleArrival(_world.NowMicros + (long)_link.RetryAfterHeal().TotalMicroseconds);
    }

    // A write that a filter acts on, before its first byte is sent.
    private void Filter(ref ReadOnlyMemory<byte> data)
    {
        if (BrokenState() is not null || WritingFinished || _world.Network.Judge(_process.Machine, PeerMachine, data.Span) is not { } filter) return;
        if (filter.Action == FilterAction.Delay) _delayMicros = (long)filter.Delay.TotalMicroseconds;
        if (filter.Action == FilterAction.Repeat) _orphans = true;
        if (filter.Action != FilterAction.Drop) return;
        Send(SegmentKind.Cut);
        data = default;
    }

    private void EndFiltering()
    {
        _delayMicros = 0;
        if (!_orphans) return;
        _orphans = false;
        Send(SegmentKind.Orphan);
    }

    private void Send(SegmentKind kind, ReadOnlySpan<byte> bytes = default)
    {
        _inFlight.Enqueue(new Segment(kind, bytes.Length, _record?.Sent(kind.ToString(), bytes) ?? 0));
        _peer._received.Send(bytes);
        _bytesOutstanding += bytes.Length;
        if (ClosedHere || ResetSeen) Linger();
        if (_held) return;
        // The orphaning comes with the last byte, or an answer might overtake it.
        if (kind != SegmentKind.Orphan) _lastArrival = Math.Max(_lastArrival, _link.ArrivalMicros(bytes.Length) + _delayMicros);
        ScheduleArrival(_lastArrival);
    }

    private void ScheduleArrival(long atMicros)
    {
        if (!_idleArrivals.TryPop(out var arrival)) arrival = new Arrival(this);
        _world.Loop.Schedule(arrival, atMicros);
    }

    // One event per segment; while held they fall due for nothing, and the retry brings all that waits.
    private void ArriveNext()
    {
        if (_held || _inFlight.Count == 0) return;
        var lost = _link.IsBlocked || _flow.IsStalled || !_peer._process.Machine.HasPower;
        if (lost)
        {
            if (_powerLost)
            {
                DropInFlight();
                return;
            }

            _held = true;
            _world.Network.Hold(this);
            return;
        }

        var late = _world.NowMicros >= _lastArrival;
        do
        {
            var segment = _inFlight.Dequeue();
            _bytesOutstanding -= segment.Length;
            _peer.Arrive(segment);
        }
        while (late && _inFlight.Count > 0);
        EndLingering();
    }

    // What waited to be sent again stood in the memory of a kernel that is no more. (What is on the wire arrives.)
    private void DropInFlight()
    {
        foreach (var segment in _inFlight) _record?.Lost(segment.Slot);
        _inFlight.Clear();
        _peer._received.LoseUnderWay();
        _bytesOutstanding = 0;
        _held = false;
        EndLingering();
    }

    // The process has nothing to do with this end any more, but the kernel still has to get across what it was given.
    private void Linger()
    {
        if (_lingers || _inFlight.Count == 0) return;
        _lingers = true;
        _process.Machine.Lingering.Add(this);
    }

    private void EndLingering()
    {
        if (_lingers && _inFlight.Count == 0) _lingers = !_process.Machine.Lingering.Remove(this);
    }

    private void Arrive(Segment segment)
    {
        _record?.Arrived(segment.Slot);
        if (_gone || ClosedHere)
        {
            // Nobody is there to take it: the machine answers with a reset, as to a dead incarnation.
            _received.Discard(segment.Length);
            if (segment.Kind == SegmentKind.Data) Send(SegmentKind.Rst);
            if (segment.Kind is SegmentKind.Cut or SegmentKind.Orphan) _peer.ReceiveReset();
            return;
        }

        _world.Mix(_received.Arrive(segment.Length));
        if (_world.Trace is { IsOn: true, ShowTraffic: true }) _world.Trace.Write(_process.Machine.Name, "deliver", $"{Remote} -> {Local} {segment.Kind} {segment.Length} bytes");
        switch (segment.Kind)
        {
            case SegmentKind.Data: break;
            case SegmentKind.Fin: _received.Finish(); break;
            case SegmentKind.Cut: Break(); return;
            case SegmentKind.Orphan:
                _received.Finish();
                _peer.ReceiveReset();
                break;
            default: ReceiveReset(); return;
        }

        _read.Wake();
    }

    private void ReceiveReset()
    {
        if (ResetSeen || ClosedHere) return;
        ResetSeen = true;
        _received.Clear();
        _process.Unregister(this);
        Linger();
        _read.Wake();
        _write.Wake();
    }

    private void EndHere(NetworkError error, string message)
    {
        ClosedHere = true;
        _process.Unregister(this);
        Linger();
        _read.Abort(error, message);
        _write.Abort(error, message);
        _received.Clear();
        _peer._write.Wake();
    }

    private NetworkException? BrokenState() =>
        ClosedHere ? new NetworkException(NetworkError.Closed, "The connection was closed at this end.")
        : ResetSeen ? new NetworkException(NetworkError.Reset, $"The connection to {Remote} was reset.")
        : null;

    private readonly record struct Segment(SegmentKind Kind, int Length, int Slot);

    /// <summary>The event of the world by which a segment reaches the other end.</summary>
    private sealed class Arrival(SimConnection connection) : LoopEvent
    {
        public override ushort Kind => EventKinds.Timer;

        protected override void Fire()
        {
            connection._idleArrivals.Push(this);
            connection.ArriveNext();
        }
    }

    /// <summary>The one read of this end; used again and again.</summary>
    private sealed class ReadOperation(SimConnection connection) : LoopOperation<int>
    {
        private Memory<byte> _buffer;
        private bool _pending;

        public override ushort Kind => EngineEventKinds.Read;

        private bool CanComplete => connection.BrokenState() is not null || connection._received.Count > 0 || connection._received.IsFinished;

        public void Begin(Memory<byte> buffer)
        {
            if (_pending) throw new InvalidOperationException("A connection has one read at a time.");
            Owner = connection._process.Loop;
            _buffer = buffer;
            _pending = true;
            if (connection.BrokenState() is not null || connection._received.Count > 0 || connection._received.IsFinished) Finish(now: true);
        }

        public void Wake()
        {
            if (_pending && !IsScheduled && CanComplete) connection._process.Schedule(this);
        }

        public void Abort(NetworkError error, string message)
        {
            if (!_pending) return;
            _pending = false;
            TrySetException(new NetworkException(error, message));
        }

        protected override void Fire()
        {
            if (_pending) Finish(now: false);
        }

        private void Finish(bool now)
        {
            _pending = false;
            if (connection.BrokenState() is { } error)
            {
                if (now) TrySetException(error);
                else Fault(error);
                return;
            }

            var count = connection._received.Take(_buffer.Span);
            _buffer = default;
            if (count > 0) connection._peer._write.Wake();
            if (now) TrySetResult(count);
            else Complete(count);
        }
    }

    /// <summary>The one write of this end; it ends when the window has taken all bytes.</summary>
    private sealed class WriteOperation(SimConnection connection) : LoopOperation<Nothing>
    {
        private ReadOnlyMemory<byte> _rest;
        private bool _pending;

        public override ushort Kind => EngineEventKinds.Write;

        public void Begin(ReadOnlyMemory<byte> data)
        {
            if (_pending) throw new InvalidOperationException("A connection has one write at a time.");
            Owner = connection._process.Loop;
            _rest = data;
            _pending = true;
            if (connection._link.Filters.Any) connection.Filter(ref _rest);
            Advance(now: true);
        }

        public void Wake()
        {
            if (_pending && !IsScheduled && (connection.BrokenState() is not null || connection.WindowLeft > 0)) connection._process.Schedule(this);
        }

        public void Abort(NetworkError error, string message)
        {
            if (!_pending) return;
            _pending = false;
            TrySetException(new NetworkException(error, message));
        }

        protected override void Fire()
        {
            if (_pending) Advance(now: false);
        }

        private void Advance(bool now)
        {
            var state = connection.BrokenState();
            if (now && connection.WritingFinished) state ??= new NetworkException(NetworkError.Closed, "Writing was finished on this connection.");
            if (state is { } error)
            {
                _pending = false;
                if (now) TrySetException(error);
                else Fault(error);
                return;
            }

            while (_rest.Length > 0 && connection.WindowLeft > 0)
            {
                var piece = connection._link.FirstPiece(Math.Min(_rest.Length, connection.WindowLeft));
                connection.Send(SegmentKind.Data, _rest.Span[..piece]);
                _rest = _rest[piece..];
            }

            if (_rest.Length > 0) return;
            _pending = false;
            if (connection._delayMicros > 0 || connection._orphans) connection.EndFiltering();
            if (now) TrySetResult(default);
            else Complete(default);
        }
    }
}
