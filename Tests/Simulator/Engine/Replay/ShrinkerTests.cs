using System;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Replay;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Replay;

/// <summary>Shrinking keeps the property and cuts what does not matter for it.</summary>
public class ShrinkerTests
{
    private static readonly ToyScenario s_toy = new(breaks: _ => true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_does_not_matter_is_cut_whatever_the_number_of_jobs(int jobs)
    {
        var report = new Shrinker(s_toy, WithFaults(), jobs, () => false).Run();
        Assert.True(report.IsFixedPoint);
        Assert.Equal((3, 0), (report.Before.Faults, report.After.Decisions));
        Assert.Equal(1, report.Cut);
        Assert.Equal("echo-is-right", report.File.Failure!.Property);
        Assert.Equal(report.File.Hash, report.File.Run(s_toy).Hash);
        Assert.Equal(new Shrinker(s_toy, WithFaults(), 2, () => false).Run().File.ToJson(), report.File.ToJson());
    }

    [Fact]
    public void When_time_is_over_what_has_been_reached_is_given()
    {
        var calls = 0;
        var report = new Shrinker(s_toy, WithFaults(), 1, () => ++calls > 3).Run();
        Assert.False(report.IsFixedPoint);
        Assert.Equal(report.File.Hash, report.File.Run(s_toy).Hash);
    }

    [Fact]
    public void A_run_that_does_not_fail_is_refused()
    {
        var sound = new ToyScenario();
        Assert.Contains("has not failed", Assert.Throws<ReplayException>(() => new Shrinker(sound, Recorder.Record(sound, 7, "abc"), 1, () => false).Run()).Message, StringComparison.Ordinal);
        Assert.Contains("does not fail any more by echo-is-right: all holds", Assert.Throws<ReplayException>(() => new Shrinker(sound, WithFaults(), 1, () => false).Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_stops_where_it_is_asked_to_and_shows_its_state()
    {
        var file = WithFaults();
        var stopped = file.Run(s_toy, new RunOptions(Until: new RunPoint(null, 20), Dump: true));
        Assert.True(stopped.WasStopped);
        Assert.Equal((20, 20), (stopped.Events, stopped.State!.Event));
        Assert.Equal(["machines", "blocked links", "faults in force"], stopped.State.Tables.Select(t => t.Name));
        var earlier = file.Run(s_toy, new RunOptions(Until: new RunPoint(35_000, null), Dump: true));
        Assert.Equal(35_000, earlier.State!.Micros);
    }

    [Fact]
    public void A_break_passes_over_all_other_properties()
    {
        var file = WithFaults();
        Assert.Equal("echo-is-right", file.Run(s_toy, new RunOptions(Break: "echo-is-right")).Failure?.Property);
        Assert.NotEqual("echo-is-right", file.Run(s_toy, new RunOptions(Break: "final-read")).Failure?.Property);
        Assert.Contains("There is no property 'x'", Assert.Throws<ReplayException>(() => file.Run(s_toy, new RunOptions(Break: "x"))).Message, StringComparison.Ordinal);
    }

    private static ReplayFile WithFaults()
    {
        var file = Recorder.Record(s_toy, 7, "abc");
        var faults = Enumerable.Range(0, 3).Select(i => new PlannedFault(TimeSpan.FromMilliseconds(30 + i), FaultPlan.Of("connection-reset", TimeSpan.Zero, ("a", "count"), ("b", "echo")))).ToList();
        return file with { Script = file.Script with { Faults = faults } };
    }
}
