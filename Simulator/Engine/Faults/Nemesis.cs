using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// Injects faults until told to stop, then heals everything: faults that it draws, or exactly those of a list. What it injected it
/// remembers as a list that another run can replay, to the same hash.
/// </summary>
public sealed class Nemesis
{
    private readonly SimWorld _world;
    private readonly FaultProfile _profile;
    private readonly RandomStream _random;
    private readonly List<ActiveFault> _active = [];
    private readonly List<PlannedFault> _injected = [];
    private IReadOnlyList<PlannedFault>? _script;
    private readonly List<Decision> _ambushes = [];
    private Decision? _next;
    private int _count;
    private int _noticed;
    private bool _isOn;

    /// <summary>A nemesis for a world; nothing happens before <see cref="Start"/>.</summary>
    public Nemesis(SimWorld world, FaultProfile profile)
    {
        _world = world;
        _profile = profile;
        _random = world.Random("nemesis");
        world.Faults.Declare(profile.Possible.SelectMany(f => f.Effects));
    }

    /// <summary>The kinds of fault that this run could see, be it at a random instant or at a moment for which they lie in wait.</summary>
    public IReadOnlyList<string> Kinds => [.. _profile.Possible.Select(f => f.Kind).Distinct(StringComparer.Ordinal)];

    /// <summary>The faults that have struck, in order: a replay of them needs no draws.</summary>
    public IReadOnlyList<PlannedFault> Injected => _injected;

    /// <summary>From <see cref="Start"/> on injects exactly these faults instead of drawing any. One due before the start strikes at the start.</summary>
    /// <exception cref="FaultPlanException">No fault of the profile is of a kind that the list names, or an instant or duration is negative or longer than a year.</exception>
    /// <exception cref="InvalidOperationException">The nemesis has been started already.</exception>
    public void Replay(IReadOnlyList<PlannedFault> faults)
    {
        if (_next is not null || _injected.Count > 0) throw new InvalidOperationException("A nemesis learns what to replay before it is started.");
        foreach (var (at, plan) in faults)
        {
            _profile.Find(plan.Kind);
            if (at < TimeSpan.Zero || plan.Duration < TimeSpan.Zero) throw new FaultPlanException($"A planned fault of kind '{plan.Kind}' has a negative instant or duration.");
            if (at > LongestSpan.Value || plan.Duration > LongestSpan.Value) throw new FaultPlanException($"A planned fault of kind '{plan.Kind}' has an instant or duration of more than {LongestSpan.Words}.");
        }

        _script = faults.OrderBy(f => f.At).ToList();
    }

    /// <summary>The faults that are in force now, in the order of their beginning.</summary>
    public IReadOnlyList<FaultInForce> InForce => _active.Select(f => new FaultInForce(f.Kind, f.Handle.Description)).ToList();

    /// <summary>Begins.</summary>
    public void Start()
    {
        _isOn = true;
        ScheduleNext();
    }

    /// <summary>
    /// The scenario tells of a moment that has come: whatever lies in wait for it may strike one of the targets soon. Nothing
    /// happens before the start, after the heal or in a replay, whose list has the faults that struck.
    /// </summary>
    public void Notice(string moment, IReadOnlyList<SimMachine> targets)
    {
        if (!_isOn || _script is not null || targets.Count == 0) return;
        foreach (var ambush in _profile.Ambushes)
        {
            if (ambush.Moment != moment) continue;
            var random = RandomStream.Named(_world.Seed, "nemesis/ambush/" + FaultPlan.Value(_noticed++));
            if (!random.Chance(ambush.Probability)) continue;
            var delay = random.NextSpan(ambush.Delay.Min, ambush.Delay.Max);
            _ambushes.Add(_world.ScheduleDecision(_world.NowMicros + Math.Max(1, Micros(delay)), () =>
            {
                if (ambush.Fault.Plan(_world, targets, random) is { } plan) Inject(ambush.Fault, plan);
            }));
        }
    }

    /// <summary>Ends every fault and starts every machine that is down: no more faults until started again.</summary>
    public void HealAll()
    {
        _isOn = false;
        _next?.Cancel();
        foreach (var ambush in _ambushes) ambush.Cancel();
        _ambushes.Clear();
        foreach (var fault in _active.ToArray()) fault.Timer?.Cancel();
        foreach (var fault in _active.ToArray()) End(fault);
        _world.Buggify.IsOn = false;
        _world.Network.HealAll();
        foreach (var machine in _world.Machines)
        {
            machine.Disk.Heal();
            machine.Clock.Correct();
            machine.Thaw();
            if (!machine.IsUp && machine.Program is not null && _profile.Targets.Contains(machine)) machine.Restart();
        }

        Note("heal", "all faults have ended");
    }

    private void ScheduleNext()
    {
        if (_script is null) _next = _world.ScheduleDecision(_world.NowMicros + Micros(_random.NextSpan(_profile.Interval.Min, _profile.Interval.Max)), DrawOne);
        else if (_count < _script.Count) _next = _world.ScheduleDecision(Micros(_script[_count].At), ReplayOne);
    }

    private void DrawOne()
    {
        var fault = _profile.Draw(_random);
        // A stream of its own: what one fault draws does not move the next ones.
        var random = RandomStream.Named(_world.Seed, "nemesis/fault/" + FaultPlan.Value(_count++));
        if (fault.Plan(_world, _profile.Targets, random) is { } plan) Inject(fault, plan);
        ScheduleNext();
    }

    private void ReplayOne()
    {
        var plan = _script![_count++].Plan;
        Inject(_profile.Find(plan.Kind), plan);
        ScheduleNext();
    }

    private void Inject(Fault fault, FaultPlan plan)
    {
        if (fault.Apply(_world, plan) is not { } handle) return;
        _injected.Add(new PlannedFault(TimeSpan.FromMicroseconds(_world.NowMicros), plan));
        _world.Faults.Add(fault.Kind);
        Note(fault.Kind, handle.Description);
        var band = _world.Timeline?.BeginFault(plan, handle.Description);
        if (handle.IsInstant && plan.Duration <= TimeSpan.Zero) return;
        var active = new ActiveFault(fault.Kind, handle, band);
        _active.Add(active);
        if (plan.Duration > TimeSpan.Zero) active.Timer = _world.Schedule(plan.Duration, () => End(active));
        else End(active);
    }

    private void End(ActiveFault fault)
    {
        if (!_active.Remove(fault)) return;
        fault.Handle.End();
        if (fault.Band is { } band) _world.Timeline?.EndFault(band);
        Note(fault.Kind, $"ended: {fault.Handle.Description}");
    }

    private void Note(string kind, string text)
    {
        _world.Mix(kind);
        _world.Mix(text);
        if (_world.Trace.IsOn) _world.Trace.Write("nemesis", "fault", $"{kind}: {text}");
    }

    private static long Micros(TimeSpan span) => (long)span.TotalMicroseconds;

    private sealed class ActiveFault(string kind, FaultHandle handle, TimelineBand? band)
    {
        public string Kind { get; } = kind;

        public FaultHandle Handle { get; } = handle;

        public TimelineBand? Band { get; } = band;

        public LoopTimer? Timer { get; set; }
    }
}
