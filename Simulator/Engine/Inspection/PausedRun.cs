using System;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;

namespace Simulator.Engine.Inspection;

/// <summary>A run that pauses between two events, for its <see cref="IRunPilot"/> to look at.</summary>
public sealed class PausedRun
{
    private readonly SimWorld _world;
    private readonly ScenarioRun _run;
    private readonly Func<SeedResult> _result;
    private IRunPilot? _pilot;

    internal PausedRun(SimWorld world, ScenarioRun run, Func<SeedResult> result)
    {
        _world = world;
        _run = run;
        _result = result;
    }

    /// <summary>Virtual time in microseconds.</summary>
    public long Micros => _world.NowMicros;

    /// <summary>Number of the last event that has happened.</summary>
    public long Event => _world.Events;

    /// <summary>The hash over all events so far.</summary>
    public ulong Hash => _world.Hash;

    /// <summary>True at the end of the run: nothing more happens.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What failed; null as long as all holds.</summary>
    public SimFailure? Failure => _world.Failure;

    /// <summary>What has come of the run so far, as if it had been stopped here. Its collections change when the run goes on.</summary>
    public SeedResult Result => _result() with { WasStopped = !IsOver };

    /// <summary>The state of the whole world here.</summary>
    public StateDump State => Inspector.Look(_world, _run);

    /// <summary>What the pilot threw; null if nothing.</summary>
    internal Exception? PilotError { get; private set; }

    /// <summary>From now on only failures of this property count, so that the run goes past what else fails.</summary>
    /// <exception cref="ReplayException">The run has no property of that name.</exception>
    public void Heed(string property) => SeedRunner.Heed(_world, _run, property);

    /// <summary>From now on the last <paramref name="lines"/> lines of the trace are kept.</summary>
    public void KeepTrace(int lines) => _world.Trace.KeepLast(lines);

    /// <summary>Pauses for the first time.</summary>
    internal void Follow(IRunPilot pilot)
    {
        _pilot = pilot;
        Pause();
    }

    /// <summary>Pauses for the last time.</summary>
    internal void End()
    {
        IsOver = true;
        _pilot?.Pause(this);
    }

    private void Pause()
    {
        var next = Ask(_pilot!);
        if (next.Event is { } number) _world.PauseAfterEvent(number, Pause);
        else if (next.Micros is { } micros) _world.PauseAt(micros, Pause);
    }
    private RunPoint Ask(IRunPilot pilot)
    {
        try
        {
            return pilot.Pause(this);
        }
        catch (Exception e)
        {
            PilotError = e;
            throw;
        }
    }
}
