using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Network;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>
/// The simulated world: one timing wheel, machines with disks and clocks, a network between them. Everything that happens in it
/// follows from the seed and from what its nodes do; it runs on one thread and time jumps from event to event.
/// </summary>
public sealed class SimWorld
{
    private readonly List<SimMachine> _machines = [];
    private readonly Dictionary<string, SimMachine> _machinesByName = new(StringComparer.Ordinal);
    private readonly TimingWheel _wheel = new();
    private readonly WorldClock _clock;
    private readonly Decisions _decisions = new();
    private RunHash _hash;
    private List<ulong>? _eventHashes;
    private StepRecorder? _steps;
    private long _stopAfterEvent = long.MaxValue;
    private bool _stopped;
    private long _pauseAfterEvent = long.MaxValue;
    private Action? _pause;

    /// <summary>A world that the seed alone determines.</summary>
    public SimWorld(ulong seed, WorldOptions? options = null)
        : this(seed, Noise.Of(seed), options)
    {
    }

    /// <summary>A world whose draws come from elsewhere than its seed.</summary>
    public SimWorld(ulong seed, Noise noise, WorldOptions? options = null)
    {
        Seed = seed;
        Noise = noise;
        Options = options ?? new WorldOptions();
        _clock = new WorldClock(this);
        Trace = new Trace(this);
        Loop = new Loop("world", _wheel) { UnhandledException = e => Report(new SimFailure("world", e.Message, e)) };
        Network = new SimNetwork(this);
        Recoverability = new RecoverabilityMap(this);
        Buggify = new SimBuggify(noise, Options.Buggify);
    }

    /// <summary>The number from which every draw follows, unless the world was made with other <see cref="Noise"/>.</summary>
    public ulong Seed { get; }

    /// <summary>Where the draws come from.</summary>
    public Noise Noise { get; }

    /// <summary>Latencies, sizes and other constants of this world.</summary>
    public WorldOptions Options { get; }

    /// <summary>Virtual time since the world began, in microseconds.</summary>
    public long NowMicros { get; private set; }

    /// <summary>Number of events so far.</summary>
    public long Events { get; private set; }

    /// <summary>The rolling hash over all events so far.</summary>
    public ulong Hash => _hash.Value;

    /// <summary>All machines in the order of their making.</summary>
    public IReadOnlyList<SimMachine> Machines => _machines;

    /// <summary>The network between the machines.</summary>
    public SimNetwork Network { get; }

    /// <summary>What happened, readable; off unless switched on.</summary>
    public Trace Trace { get; }

    /// <summary>What a timeline will show; null unless switched on.</summary>
    public TimelineRecorder? Timeline { get; private set; }

    /// <summary>The rare things that the environment does on purpose.</summary>
    public SimBuggify Buggify { get; }

    /// <summary>The rare situations that the scenario has declared.</summary>
    public Sometimes Sometimes { get; } = new();

    /// <summary>Injected faults by kind.</summary>
    public FaultCounts Faults { get; } = new();

    /// <summary>What faults must not destroy; empty unless the scenario fills it.</summary>
    public RecoverabilityMap Recoverability { get; }

    /// <summary>What ended the run early: an exception that nobody handled, a broken property, a leak. The first one counts.</summary>
    public SimFailure? Failure { get; private set; }

    /// <summary>True once the run has failed or was stopped: nothing more happens.</summary>
    public bool HasEnded => Failure is not null || _stopped || Events >= _stopAfterEvent;

    /// <summary>Called after each event of a process, with its machine: the place to check invariants.</summary>
    public Action<SimMachine>? AfterEvent { get; set; }

    /// <summary>The loop of the world's own events: arrivals, faults, checks.</summary>
    internal Loop Loop { get; }

    internal TimingWheel Wheel => _wheel;

    /// <summary>Whether it is seen where something leaves the loop of a process, and what comes of that.</summary>
    internal LeakWatch LeakWatch { get; set; }

    /// <summary>False where nobody may look: to look takes threads, which a process that will be copied while it runs must not have.</summary>
    internal bool MayWatchLeaks { get; set; } = true;

    /// <summary>The first thing that left a loop, with the method, file and line that made it; null if none was seen.</summary>
    internal string? NotedLeak { get; set; }

    /// <summary>Adds a machine; its name is also its host name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or has a comma or '>' in it, which separate names in planned faults.</exception>
    public SimMachine AddMachine(string name)
    {
        if (name.AsSpan().ContainsAny(',', '>')) throw new ArgumentException($"A machine cannot be named '{name}': no comma and no '>'.", nameof(name));
        var machine = new SimMachine(this, name, _machines.Count + 1);
        _machinesByName.Add(name, machine);
        _machines.Add(machine);
        Timeline?.AddLane(machine);
        return machine;
    }

    /// <summary>The machine of that name, or null.</summary>
    public SimMachine? FindMachine(string name) => _machinesByName.GetValueOrDefault(name);

    /// <summary>The stream of draws of that name.</summary>
    public RandomStream Random(string name) => Noise.Open(name);

    /// <summary>Runs something of the world's own (a fault, a check) after a span of virtual time.</summary>
    public LoopTimer Schedule(TimeSpan delay, Action action) => _clock.Schedule(delay, action);

    /// <summary>Ends the run with a failure; later ones are ignored.</summary>
    public void Report(SimFailure failure)
    {
        if (Failure is not null || (HeededProperty is { } heeded && failure.Property != heeded)) return;
        Failure = failure with { AtMicros = NowMicros, AtEvent = Events };
        if (Trace.IsOn) Trace.Write("world", "failure", $"{failure.Property}: {failure.Message}");
    }

    /// <summary>Begins to collect what a timeline shows; to be called before anything happens. It changes nothing in the run.</summary>
    /// <param name="messageCapacity">Messages kept at most; of more, the older ones are thinned.</param>
    public TimelineRecorder RecordTimeline(int messageCapacity = TimelineRecorder.DefaultMessageCapacity) => Timeline ??= new TimelineRecorder(this, messageCapacity);

    /// <summary>Only failures of this property count; null for all.</summary>
    public string? HeededProperty { get; set; }

    /// <summary>Nothing happens any more once an instant has come, before its events.</summary>
    public void StopAt(long micros) => ScheduleDecision(micros, () => _stopped = true);

    /// <summary>Nothing happens any more after the event of that number.</summary>
    public void StopAfterEvent(long number) => _stopAfterEvent = number;

    /// <summary>Calls back, once, between the event of that number and the next, unless the run has ended with it.</summary>
    internal void PauseAfterEvent(long number, Action pause) => (_pauseAfterEvent, _pause) = (number, pause);

    /// <summary>Calls back, once, where <see cref="StopAt"/> would stop. It changes nothing in the run.</summary>
    internal void PauseAt(long micros, Action pause) => _decisions.AddFirst(Math.Max(NowMicros, micros), pause);

    /// <summary>Keeps the hash after each event, so that two runs can be compared event by event.</summary>
    public void RecordEventHashes() => _eventHashes ??= [];

    /// <summary>Notes each step of the run from now on.</summary>
    public void Record(StepRecorder steps)
    {
        _steps = steps;
        _wheel.Added = item => steps.Note(Events, "armed for", (ulong)item.DueMicros, item.Kind);
    }

    /// <summary>The hash after each event, if recorded.</summary>
    public IReadOnlyList<ulong> EventHashes => _eventHashes ?? [];

    /// <summary>Runs events until virtual time has advanced by <paramref name="span"/>, a failure is reported or nothing is left to happen before then.</summary>
    public void RunFor(TimeSpan span) => RunUntil(NowMicros + (long)span.TotalMicroseconds);

    /// <summary>Runs events up to an instant of virtual time.</summary>
    public void RunUntil(long micros)
    {
        while (!HasEnded && Step(micros))
        {
        }

        if (!HasEnded) NowMicros = Math.Max(NowMicros, micros);
    }

    /// <summary>Runs until a condition has come to hold and has held for a while; true if it has.</summary>
    /// <param name="condition">Looked at before the first event and then at each look.</param>
    /// <param name="limit">Virtual time within which it must come to hold.</param>
    /// <param name="interval">Virtual time between two looks, for conditions that look at much; zero looks after each event.</param>
    /// <param name="holding">Virtual time for which it must then hold at every look.</param>
    public bool RunUntil(Func<bool> condition, TimeSpan limit, TimeSpan interval = default, TimeSpan holding = default)
    {
        var end = NowMicros + (long)limit.TotalMicroseconds;
        long? since = null;
        while (!HasEnded)
        {
            since = condition() ? since ?? NowMicros : null;
            var heldAt = since + (long)holding.TotalMicroseconds;
            if (heldAt <= NowMicros) return true;
            if (!RunToNextLook(heldAt ?? end, (long)interval.TotalMicroseconds)) return false;
        }

        return false;
    }

    /// <summary>Fires the next event due at or before an instant; false if there is none.</summary>
    public bool Step(long limitMicros)
    {
        var item = _wheel.TakeNext(Math.Min(limitMicros, _decisions.NextMicros - 1));
        if (item is null) return TakeDecision(limitMicros);
        NowMicros = Math.Max(NowMicros, item.DueMicros);
        var loop = item.Owner!;
        if (!loop.IsAlive) return true;
        if (loop.Tag is SimProcess process) process.Deliver(item);
        else RunWorldEvent(item);
        if (Events >= _pauseAfterEvent) Pause();
        return true;
    }

    /// <summary>Lets something be done at an instant, before its events and without being one; an instant of the past means now.</summary>
    internal Decision ScheduleDecision(long atMicros, Action action) => _decisions.Add(Math.Max(NowMicros, atMicros), action);

    /// <summary>Counts and hashes an event of a process, fires it, and lets the checkers look.</summary>
    internal void RunProcessEvent(SimProcess process, LoopEvent item)
    {
        Count((ulong)item.Kind | ((ulong)process.Machine.Number << 16));
        process.Loop.Run(item);
        if (process.Loop.Leak is { } leak) Report(new SimFailure("no-leak", NotedLeak is null ? leak : $"{leak} What left its loop before: {NotedLeak}", null));
        AfterEvent?.Invoke(process.Machine);
    }

    /// <summary>Mixes content into the hash: bytes sent or written, decisions taken.</summary>
    internal void Mix(ReadOnlySpan<byte> bytes)
    {
        _hash.Add(bytes);
        _steps?.Note(Events, "bytes", bytes);
    }

    /// <summary>Mixes a name into the hash: a fault, a verdict.</summary>
    internal void Mix(string text)
    {
        _hash.Add(text);
        _steps?.Note(Events, text, MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>A step that is not part of the hash: what a process asks for shows in the hash only when it comes about.</summary>
    internal void NoteRequest(string what, ReadOnlySpan<byte> bytes) => _steps?.Note(Events, what, bytes);

    private bool RunToNextLook(long until, long interval)
    {
        if (interval == 0 && Step(until)) return true;
        if (NowMicros >= until) return false;
        RunUntil(interval == 0 ? until : Math.Min(NowMicros + interval, until));
        return true;
    }

    private bool TakeDecision(long limitMicros)
    {
        if (_decisions.IsEmpty || _decisions.NextMicros > limitMicros) return false;
        NowMicros = Math.Max(NowMicros, _decisions.NextMicros);
        try
        {
            _decisions.TakeNext()();
        }
        catch (Exception e) when (e is not FaultPlanException)
        {
            Report(new SimFailure("world", e.Message, e));
        }

        return true;
    }

    private void Pause()
    {
        var pause = _pause!;
        (_pauseAfterEvent, _pause) = (long.MaxValue, null);
        if (!HasEnded) pause();
    }

    private void RunWorldEvent(LoopEvent item)
    {
        Count(item.Kind);
        Loop.Run(item);
    }

    private void Count(ulong what)
    {
        Events++;
        _hash.Add((ulong)NowMicros);
        _hash.Add(what);
        _eventHashes?.Add(_hash.Value);
        _steps?.Note(Events, "event at", (ulong)NowMicros, what);
    }

    /// <summary>True time, for the world's own timers.</summary>
    private sealed class WorldClock(SimWorld world) : IClock
    {
        public long MonotonicMicros => world.NowMicros;

        public long WallMillis => world.NowMicros / 1000;

        public void Arm(LoopEvent item, TimeSpan delay) =>
            world.Loop.Schedule(item, world.NowMicros + Math.Max(0, (long)delay.TotalMicroseconds));
    }
}
