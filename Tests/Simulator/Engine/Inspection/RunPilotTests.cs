using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Inspection;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Inspection;

/// <summary>A run that pauses goes the same way as one that does not, and shows what one shows that stops there.</summary>
public class RunPilotTests
{
    private const ulong Seed = 7;

    [Fact]
    public void Pausing_after_every_event_changes_nothing()
    {
        var toy = new ToyScenario();
        var hashes = SeedRunner.Run(toy, Seed, new RunOptions(EventHashes: true)).EventHashes;
        var seen = new List<(long, ulong)>();
        var result = SeedRunner.Run(toy, Seed, new RunOptions(Pilot: new Pilot(run =>
        {
            seen.Add((run.Event, run.Hash));
            return new RunPoint(null, run.Event + 1);
        })));
        Assert.Equal(SeedRunner.Run(toy, Seed).Hash, result.Hash);
        Assert.Equal([.. Enumerable.Range(0, (int)result.Events + 1), result.Events], seen.Select(s => s.Item1));
        // What is mixed in after an event belongs to it: so the hash before the next one is compared by where a run stops.
        Assert.Equal(hashes[^1], seen[^2].Item2);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(37, null)]
    [InlineData(null, 0)]
    [InlineData(null, 35_000)]
    [InlineData(null, 80_000)]
    public void A_pause_shows_the_state_and_the_figures_of_a_run_that_stops_there(int? number, int? micros)
    {
        var toy = new ToyScenario();
        var moment = new RunPoint(micros, number);
        var stopped = SeedRunner.Run(toy, Seed, new RunOptions(Until: moment, Dump: true));
        var paused = new List<(StateDump State, string Figures, bool IsOver)>();
        SeedRunner.Run(toy, Seed, new RunOptions(Pilot: new Pilot(run =>
        {
            paused.Add((run.State, Figures(run.Result), run.IsOver));
            return paused.Count == 1 ? moment : default;
        })));
        Assert.Equal([false, false, true], paused.Select(p => p.IsOver));
        var (state, figures, _) = paused[1];
        Assert.Equal((stopped.State!.Micros, stopped.State.Event, stopped.State.Hash), (state.Micros, state.Event, state.Hash));
        Assert.Equal(stopped.State.Tables.Select(Text), state.Tables.Select(Text));
        Assert.Equal(Figures(stopped), figures);
    }

    [Fact]
    public void A_failing_run_pauses_at_its_end_with_the_property_that_failed()
    {
        var toy = new ToyScenario(breaks: _ => true);
        var failed = SeedRunner.Run(toy, Seed);
        PausedRun? last = null;
        var pauses = 0;
        SeedRunner.Run(toy, Seed, new RunOptions(Pilot: new Pilot(run =>
        {
            (last, pauses) = (run, pauses + 1);
            return new RunPoint(null, failed.Events); // the failure ends the run there: it does not pause there besides
        })));
        Assert.Equal((2, true, "echo-is-right", failed.Hash), (pauses, last!.IsOver, last.Failure!.Property, last.Hash));
    }

    private static string Figures(SeedResult result) =>
        $"{result.Events} {result.Hash} {result.WasStopped} {result.SimulatedSeconds} {string.Join(",", result.Metrics)} {string.Join(",", result.Faults)}";

    private static string Text(StateTable table) => $"{table.Name}: {string.Join(";", table.Rows.Select(r => string.Join(",", r)))}";

    private sealed class Pilot(Func<PausedRun, RunPoint> pause) : IRunPilot
    {
        public RunPoint Pause(PausedRun run) => pause(run);
    }
}
