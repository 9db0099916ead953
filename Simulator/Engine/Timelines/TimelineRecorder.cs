using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Simulator.Engine.Timelines;

/// <summary>
/// Collects what a timeline shows while a world runs. It changes nothing in the run: hash and verdict are the same with and without
/// it. The world's own parts tell it of processes, messages and faults; the scenario supplies operations, series and names of messages.
/// </summary>
public sealed class TimelineRecorder
{
    /// <summary>Messages kept unless told otherwise; of more, the older ones are thinned.</summary>
    public const int DefaultMessageCapacity = 1_200_000;

    private const int LogCapacity = 100_000;
    private readonly SimWorld _world;
    private readonly MessageLog _messages;
    private readonly NameTable _lanes = new();
    private readonly NameTable _labels = new();
    private readonly Dictionary<TimelineConnection, int> _connectionNumbers = [];
    private readonly List<TimelineConnection> _connections = [];
    private readonly List<TimelineMessage> _underWay = [default]; // slot 0 stands for "not recorded"
    private readonly Stack<int> _freeSlots = new();
    private readonly List<TimelineMark> _marks = [];
    private readonly List<TimelineMark> _logs = [];
    private readonly List<TimelineBand> _bands = [];
    private readonly List<TimelineSeries> _series = [];
    private readonly Dictionary<(string Group, string Row, int Lane), TimelineSeries> _seriesByName = [];
    private readonly List<TimelineOperation> _operations = [];
    private long _logLinesDropped;

    internal TimelineRecorder(SimWorld world, int messageCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(messageCapacity, 16);
        _world = world;
        _messages = new MessageLog(messageCapacity);
    }

    /// <summary>Gives the names of a new connection's messages, by dialler and acceptor; null for connections without names.</summary>
    public Func<Endpoint, Endpoint, ConversationLabels?>? Conversations { get; set; }

    /// <summary>The present instant and event.</summary>
    internal (long Micros, long Event) Now => (_world.NowMicros, _world.Events);

    /// <summary>An operation of a client begins.</summary>
    /// <param name="client">The client's machine.</param>
    /// <param name="function">send, poll, read, write, ….</param>
    /// <param name="value">Its value in EDN notation (see <see cref="Edn"/>).</param>
    public TimelineOperation BeginOperation(string client, string function, string value)
    {
        var operation = new TimelineOperation
        {
            Lane = _lanes.Number(client),
            Function = function,
            Invoked = value,
            BeginMicros = _world.NowMicros,
            BeginEvent = _world.Events,
        };
        _operations.Add(operation);
        return operation;
    }

    /// <summary>An operation ends.</summary>
    /// <param name="operation">From <see cref="BeginOperation"/>.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="value">What was learnt, in EDN notation; null for nothing.</param>
    public void EndOperation(TimelineOperation operation, OperationOutcome outcome, string? value = null)
    {
        if (operation.Outcome != OperationOutcome.Pending) throw new InvalidOperationException($"The operation {operation.Function} {operation.Invoked} has ended already.");
        operation.Outcome = outcome;
        operation.Completed = value;
        operation.EndMicros = _world.NowMicros;
        operation.EndEvent = _world.Events;
    }

    /// <summary>The series of numbers of that name; made at the first call. Series of one row share a plot.</summary>
    public TimelineSeries Numbers(string group, string row, string? machine = null) => Series(group, row, machine, isText: false);

    /// <summary>The series of texts of that name; made at the first call.</summary>
    public TimelineSeries Texts(string group, string row, string? machine = null) => Series(group, row, machine, isText: true);

    /// <summary>Something happened to a machine, or to the world where none is named.</summary>
    public void Mark(string? machine, string kind, string text) =>
        _marks.Add(new TimelineMark(_world.NowMicros, _world.Events, machine is null ? -1 : _lanes.Number(machine), kind, text));

    internal void Frozen(string machine, long untilMicros)
    {
        var frozen = untilMicros > _world.NowMicros;
        _marks.Add(new TimelineMark(_world.NowMicros, _world.Events, _lanes.Number(machine), "freeze", frozen ? "frozen" : "thawed", untilMicros));
    }

    internal void Log(string machine, string text)
    {
        if (_logs.Count >= LogCapacity)
        {
            _logs.RemoveRange(0, LogCapacity / 4);
            _logLinesDropped += LogCapacity / 4;
        }

        _logs.Add(new TimelineMark(_world.NowMicros, _world.Events, _lanes.Number(machine), "log", text));
    }

    internal TimelineBand BeginFault(FaultPlan plan, string text)
    {
        var isInstant = plan.Duration <= TimeSpan.Zero;
        var band = new TimelineBand
        {
            Kind = plan.Kind,
            Text = text,
            Lanes = MachinesNamedIn(plan),
            BeginMicros = _world.NowMicros,
            BeginEvent = _world.Events,
            EndMicros = isInstant ? _world.NowMicros : null,
            EndEvent = isInstant ? _world.Events : 0,
        };
        _bands.Add(band);
        return band;
    }

    internal void EndFault(TimelineBand band)
    {
        band.EndMicros = _world.NowMicros;
        band.EndEvent = _world.Events;
    }

    internal int Connection(Endpoint dialler, Endpoint acceptor)
    {
        var connection = new TimelineConnection(dialler.ToString(), acceptor.ToString());
        if (_connectionNumbers.TryGetValue(connection, out var number)) return number;
        _connections.Add(connection);
        return _connectionNumbers[connection] = _connections.Count - 1;
    }

    /// <summary>A message is sent; gives the slot by which its end is told.</summary>
    internal int Sent(SimMachine from, SimMachine to, int connection, string label, int bytes)
    {
        var message = new TimelineMessage(
            _world.NowMicros, 0, _world.Events, 0, connection, _lanes.Number(from.Name), _lanes.Number(to.Name), _labels.Number(label), bytes, MessageEnd.UnderWay, 1);
        if (_freeSlots.TryPop(out var slot))
        {
            _underWay[slot] = message;
            return slot;
        }

        _underWay.Add(message);
        return _underWay.Count - 1;
    }

    /// <summary>A message arrived or was lost; slot 0 is ignored.</summary>
    internal void Ended(int slot, MessageEnd end)
    {
        if (slot == 0) return;
        _messages.Add(_underWay[slot] with { EndMicros = _world.NowMicros, EndEvent = _world.Events, End = end });
        _underWay[slot] = default;
        _freeSlots.Push(slot);
    }

    /// <summary>What has been collected so far.</summary>
    /// <param name="scenario">The name under which it is shown.</param>
    /// <param name="configuration">What the seed chose, or nothing.</param>
    public Timeline Finish(string scenario, IReadOnlyDictionary<string, string> configuration)
    {
        foreach (var machine in _world.Machines) _lanes.Number(machine.Name);
        var underWay = _underWay.Where(m => m.Weight > 0).Select(m => m with { EndMicros = _world.NowMicros, EndEvent = _world.Events });
        return new Timeline
        {
            Scenario = scenario,
            Seed = _world.Seed,
            Configuration = configuration,
            EndMicros = _world.NowMicros,
            Events = _world.Events,
            Failure = _world.Failure,
            Lanes = _lanes.Names,
            Labels = _labels.Names,
            Connections = _connections,
            Messages = [.. _messages.Kept.Concat(underWay).OrderBy(m => m.SentMicros).ThenBy(m => m.SentEvent)],
            MessagesSeen = _messages.Seen + _underWay.Count - 1 - _freeSlots.Count,
            MessageStride = _messages.Stride,
            Marks = [.. _marks.Concat(_logs).OrderBy(m => m.Event).ThenBy(m => m.Micros)],
            LogLinesDropped = _logLinesDropped,
            Bands = _bands,
            Series = _series,
            Operations = _operations,
        };
    }

    internal void AddLane(SimMachine machine) => _lanes.Number(machine.Name);

    private TimelineSeries Series(string group, string row, string? machine, bool isText)
    {
        var lane = machine is null ? -1 : _lanes.Number(machine);
        if (_seriesByName.TryGetValue((group, row, lane), out var series)) return series;
        series = new TimelineSeries(this, group, row, lane, isText);
        _series.Add(series);
        return _seriesByName[(group, row, lane)] = series;
    }

    // Plans name machines as values, alone, in lists and in pairs.
    private List<int> MachinesNamedIn(FaultPlan plan) => plan.Parameters.Values
        .SelectMany(v => v.Split([',', '>'], StringSplitOptions.RemoveEmptyEntries))
        .Where(name => _world.FindMachine(name) is not null)
        .Distinct()
        .Select(_lanes.Number)
        .ToList();

    private sealed class NameTable
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<string> _names = [];

        public IReadOnlyList<string> Names => _names;

        public int Number(string name)
        {
            if (_numbers.TryGetValue(name, out var number)) return number;
            _names.Add(name);
            return _numbers[name] = _names.Count - 1;
        }
    }
}
