using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;

namespace Simulator.Engine.Simulations;

/// <summary>Takes a <see cref="Simulation"/> through the phases.</summary>
internal sealed class SimulationRun : ScenarioRun
{
    private static readonly TimeSpan s_never = TimeSpan.FromDays(10_000);
    private readonly Simulation _simulation;

    public SimulationRun(Simulation simulation)
    {
        _simulation = simulation;
        Nemesis = new Nemesis(simulation.World, Profile());
        LivenessChecks = [new LambdaValidation("workloads-end", FindUnended), .. simulation.LivenessChecks];
    }

    public override Phases Phases => _simulation.Phases;

    public override IReadOnlyDictionary<string, string> Configuration => _simulation.Configuration;

    public override IReadOnlyList<Invariant> Invariants => _simulation.Invariants;

    public override IReadOnlyList<Validation> LivenessChecks { get; }

    public override IReadOnlyList<Validation> Validations => _simulation.Validations;

    public override Nemesis Nemesis { get; }

    public override bool HasRecovered => LivenessChecks.All(c => c.FindViolation() is null);

    public override bool FinalReadEnded => _simulation.FinalReaders.All(r => r.HasEnded);

    public override IReadOnlyDictionary<string, long> Metrics => _simulation.Metrics;

    public override void Start()
    {
        foreach (var program in _simulation.NodePrograms.Concat(_simulation.Workloads)) program.Start();
    }

    public override bool Observe(SimMachine machine) => true;

    public override void BeginRecovery()
    {
        foreach (var workload in _simulation.Workloads) workload.RequestStop();
    }

    public override void BeginFinalRead()
    {
        foreach (var reader in _simulation.FinalReaders) reader.Start();
    }

    private FaultProfile Profile()
    {
        // A profile needs a kind; one that is never due stands for none.
        if (_simulation.Faults.Count == 0 || _simulation.Nodes.Count == 0) return new FaultProfile([(new ClockJump(), 1)], _simulation.Nodes, new Range<TimeSpan>(s_never, s_never + s_never));
        var profile = new FaultProfile(_simulation.Faults, _simulation.Nodes, _simulation.FaultInterval);
        return _simulation.FaultKindsAtLeast >= _simulation.Faults.Count ? profile : profile.Swarm(_simulation.Random("fault-kinds"), _simulation.FaultKindsAtLeast);
    }

    private string? FindUnended()
    {
        var going = _simulation.Workloads.Where(w => !w.HasEnded).Select(w => w.Machine.Name).ToList();
        return going.Count == 0 ? null : $"{string.Join(", ", going)} had been asked to stop and did not end.";
    }
}
