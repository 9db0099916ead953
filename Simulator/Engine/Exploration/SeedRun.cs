using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using Simulator.Engine.Faults;
using Simulator.Engine.Inspection;
using Simulator.Engine.Replay;

namespace Simulator.Engine.Exploration;

/// <summary>
/// One seed on its way to its verdict. What the scenario's own code throws on the way fails the seed, and not those who run many. Past
/// it goes only what the caller asked wrongly: a script or faults that do not fit, a property that does not exist.
/// </summary>
internal sealed class SeedRun
{
    private readonly Scenario _scenario;
    private readonly RunScript? _script;
    private readonly RunOptions _options;
    private readonly SimWorld _world;
    private readonly Exception? _unfit;
    private readonly long _end;
    private ScenarioRun? _run;
    private PausedRun? _paused;
    private IReadOnlyDictionary<string, long>? _metrics;

    /// <summary>A run from its seed, or of a script.</summary>
    public SeedRun(Scenario scenario, ulong seed, RunScript? script, RunOptions options)
    {
        (_scenario, _script, _options) = (scenario, script, options);
        _end = (long?)script?.End?.TotalMicroseconds ?? long.MaxValue;
        _world = new SimWorld(seed, script is null ? Noise.Of(seed) : Noise.Of(script.Streams), Constants(seed, out _unfit));
    }

    /// <summary>Takes it to its verdict.</summary>
    public SeedResult Go()
    {
        try
        {
            Walk();
        }
        catch (Exception e) when (IsOfScenario(e))
        {
            Fail(e);
        }

        _metrics = ReadMetrics(isVerdict: !_world.HasEnded && _world.NowMicros < _end);
        _paused?.End();
        return Result() with
        {
            WasStopped = _world.HasEnded && _world.Failure is null,
            Timeline = _world.Timeline?.Finish(_scenario.Name, Configuration),
            State = _options.Dump && _run is not null ? Inspector.Look(_world, _run) : null,
            Script = _options.Record ? Script() : null,
        };
    }

    private IReadOnlyDictionary<string, string> Configuration => _run?.Configuration ?? new Dictionary<string, string>();

    private WorldOptions? Constants(ulong seed, out Exception? unfit)
    {
        try
        {
            unfit = null;
            return _scenario.WorldOptions(seed);
        }
        catch (Exception e)
        {
            unfit = e;
            return null;
        }
    }

    private void Walk()
    {
        _world.MayWatchLeaks = _options.Pilot is null;
        if (_options.TraceLines > 0) _world.Trace.KeepLast(_options.TraceLines);
        _world.Trace.ShowTraffic = _options.Traffic;
        if (_options.EventHashes) _world.RecordEventHashes();
        if (_options.Timeline) _world.RecordTimeline();
        if (_options.Steps is { } steps) _world.Record(steps);
        if (_unfit is not null) ExceptionDispatchInfo.Throw(_unfit);
        var run = _script is null ? _scenario.Prepare(_world) : _scenario.Prepare(_world, _script);
        _run = run;
        if ((_script?.Faults ?? _options.Faults) is { } faults) run.Nemesis.Replay(faults);
        StopWhereAsked(run);
        var guard = _options.WatchThreadPool ? new LeakGuard(_world) : null;
        _paused = new PausedRun(_world, run, Result);
        if (_options.Pilot is { } pilot) _paused.Follow(pilot);
        new PhaseWalk(_world, run, _script?.Phases ?? run.Phases, _end).Go();
        if (guard?.Finish() is { } leak) _world.Report(leak);
    }

    private void StopWhereAsked(ScenarioRun run)
    {
        if (_options.Until is { Micros: { } micros }) _world.StopAt(micros);
        if (_options.Until is { Event: { } number }) _world.StopAfterEvent(number);
        if (_options.Break is { } property) SeedRunner.Heed(_world, run, property);
    }

    private bool IsOfScenario(Exception error) => error switch
    {
        ReplayException => false,
        FaultPlanException => _script is null && _options.Faults is null,
        _ when _run is null => _options.Pilot is null, // there is nothing that could be gone through
        _ => error != _paused?.PilotError,
    };

    // The run cannot go on, whatever was to be heeded.
    private void Fail(Exception error)
    {
        _world.HeededProperty = null;
        _world.Report(new SimFailure(SeedRunner.BrokenScenario, error.ToString(), error));
    }

    // What a figure speaks of may not be there yet in a run that ended early: only one that came to its verdict is judged.
    private IReadOnlyDictionary<string, long> ReadMetrics(bool isVerdict)
    {
        try
        {
            if (_run is not null) return _run.Metrics;
        }
        catch (Exception e)
        {
            if (isVerdict) Fail(e);
        }

        return new Dictionary<string, long>();
    }

    private RunScript? Script() => _run is null ? _script : SeedRunner.Record(_world, _run, _script);

    private SeedResult Result() =>
        new()
        {
            Scenario = _scenario.Name,
            Seed = _world.Seed,
            Failure = _world.Failure,
            Hash = _world.Hash,
            Events = _world.Events,
            SimulatedSeconds = _world.NowMicros / 1e6,
            Faults = _world.Faults.ByKind,
            FaultKinds = _run?.Nemesis.Kinds ?? [],
            Buggify = _world.Buggify.Hits,
            Sometimes = _world.Sometimes.Hits,
            FaultEffects = _world.Faults.Effects,
            FaultVetoes = _world.Faults.Vetoes,
            Injected = _run?.Nemesis.Injected ?? [],
            Metrics = _metrics ?? ReadMetrics(isVerdict: false),
            Configuration = Configuration,
            Trace = _world.Trace.Lines,
            EventHashes = _world.EventHashes,
        };
}
