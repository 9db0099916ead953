using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>Which faults a run may see, where, and how often.</summary>
/// <param name="Kinds">Each kind with its weight.</param>
/// <param name="Targets">The machines that may be hit.</param>
/// <param name="Interval">Pause between two faults.</param>
public sealed record FaultProfile(IReadOnlyList<(Fault Fault, int Weight)> Kinds, IReadOnlyList<SimMachine> Targets, Range<TimeSpan> Interval)
{
    /// <summary>
    /// Swarm testing: a random non-empty subset of the kinds, since a run with few kinds goes deeper into each than a run with all.
    /// After Groce et al., "Swarm Testing", 2012.
    /// </summary>
    public FaultProfile Swarm(RandomStream random, int atLeast)
    {
        var kinds = Kinds.Where(_ => random.Chance(0.6)).ToList();
        var rest = Kinds.Except(kinds).ToList();
        random.Shuffle(rest);
        foreach (var kind in rest.Take(Math.Max(0, atLeast - kinds.Count))) kinds.Add(kind);
        return this with { Kinds = kinds };
    }
}

/// <summary>Injects faults at random instants until told to stop, then heals everything.</summary>
public sealed class Nemesis
{
    private readonly SimWorld _world;
    private readonly FaultProfile _profile;
    private readonly RandomStream _random;
    private readonly List<ActiveFault> _active = [];
    private LoopTimer? _next;

    /// <summary>A nemesis for a world; nothing happens before <see cref="Start"/>.</summary>
    public Nemesis(SimWorld world, FaultProfile profile)
    {
        _world = world;
        _profile = profile;
        _random = world.Random("nemesis");
    }

    /// <summary>Begins.</summary>
    public void Start() => ScheduleNext();

    /// <summary>Ends every fault and starts every machine that is down: no more faults until started again.</summary>
    public void HealAll()
    {
        _next?.Cancel();
        foreach (var fault in _active.ToArray()) fault.Timer.Cancel();
        foreach (var fault in _active.ToArray()) End(fault);
        _world.Buggify.IsOn = false;
        _world.Network.HealAll();
        foreach (var machine in _world.Machines)
        {
            machine.Disk.SlowFactor = 1;
            machine.Disk.StalledUntilMicros = 0;
            machine.Clock.Correct();
            if (!machine.IsUp && machine.Program is not null && _profile.Targets.Contains(machine)) machine.Restart();
        }

        Note("heal", "all faults have ended");
    }

    private void ScheduleNext() => _next = _world.Schedule(_random.NextSpan(_profile.Interval.Min, _profile.Interval.Max), InjectOne);

    private void InjectOne()
    {
        ScheduleNext();
        var fault = PickKind();
        if (fault.Inject(_world, _profile.Targets, _random) is not { } handle) return;
        _world.Faults.Add(fault.Kind);
        Note(fault.Kind, handle.Description);
        if (fault.Duration.Max <= TimeSpan.Zero) return;
        var active = new ActiveFault(fault.Kind, handle);
        active.Timer = _world.Schedule(_random.NextSpan(fault.Duration.Min, fault.Duration.Max), () => End(active));
        _active.Add(active);
    }

    private void End(ActiveFault fault)
    {
        if (!_active.Remove(fault)) return;
        fault.Handle.End();
        Note(fault.Kind, $"ended: {fault.Handle.Description}");
    }

    private Fault PickKind()
    {
        var ticket = _random.Next(_profile.Kinds.Sum(k => k.Weight));
        foreach (var (fault, weight) in _profile.Kinds)
        {
            if ((ticket -= weight) < 0) return fault;
        }

        throw new InvalidOperationException("Weights are positive.");
    }

    private void Note(string kind, string text)
    {
        _world.Mix(kind);
        _world.Mix(text);
        if (_world.Trace.IsOn) _world.Trace.Write("nemesis", "fault", $"{kind}: {text}");
    }

    private sealed class ActiveFault(string kind, FaultHandle handle)
    {
        public string Kind { get; } = kind;

        public FaultHandle Handle { get; } = handle;

        public LoopTimer Timer { get; set; } = null!;
    }
}
