using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Simulations;
using Simulator.Platform;
using Simulator.Platform.Services;
using Xunit;

namespace Tests.Simulator.Engine.Simulations;

public sealed class SimulationTests
{
    private static readonly Endpoint s_counter = new("counter-1", 9000);

    [Fact]
    public void A_service_that_keeps_its_promise_passes_under_all_common_faults_and_twice_the_same()
    {
        var scenario = new SimulationScenario("counter", "counts durably", s => Counter(s, isDurable: true));
        foreach (var result in new Campaign(scenario, SeedRange.Parse("10"), 2, check: true).Run())
        {
            Assert.Null(result.Failure);
            Assert.True(result.Faults.Values.Sum() > 0);
            Assert.True(result.Metrics["acknowledged"] > 20);
        }
    }

    [Fact]
    public void A_service_that_forgets_to_sync_is_found_and_the_seed_fails_again_alike()
    {
        var scenario = new SimulationScenario("counter", "counts in the page cache", s => Counter(s, isDurable: false));
        var failed = new Campaign(scenario, SeedRange.Parse("20"), 2, check: false).Run().First(r => !r.Passed);
        Assert.Equal("nothing-lost", failed.Failure!.Property);
        var again = SeedRunner.Run(scenario, failed.Seed, new RunOptions(TraceLines: 50));
        Assert.Equal(failed.Hash, again.Hash);
        var text = FailureText.Of(again, "replay me");
        foreach (var part in new[] { "nothing-lost", $"seed {failed.Seed}", "last events", "power-loss", "replay: replay me" }) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_that_a_service_may_end_with_restarts_it_and_any_other_fails_the_run()
    {
        var starts = 0;
        Func<NodeContext, Task> main = async node =>
        {
            starts++;
            await Task.Delay(TimeSpan.FromSeconds(2), node.Time);
            throw new InvalidDataException("rotten");
        };
        Assert.Null(SeedRunner.Run(new SimulationScenario("ends", "", s => s.AddNode("node", main, e => e is InvalidDataException)), 1).Failure);
        Assert.True(starts > 5);
        var failure = SeedRunner.Run(new SimulationScenario("ends", "", s => s.AddNode("node", main)), 1).Failure;
        Assert.Equal("no-unhandled-exception", failure?.Property);
        Assert.Contains("rotten", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_that_does_not_stop_a_liveness_check_and_an_invariant_are_each_reported_by_name()
    {
        var second = TimeSpan.FromSeconds(1);
        Assert.Equal("workloads-end", FailureOf(s => s.AddWorkload("client", node => new TaskCompletionSource().Task)));
        Assert.Equal("settles", FailureOf(s => s.AddLivenessCheck("settles", () => "still moving")));
        Assert.Equal("never", FailureOf(s => s.AddInvariant("never", () => s.Now > second ? "it happened" : null)));
        Assert.Equal("final-read", FailureOf(s => s.AddFinalReader("reader", node => new TaskCompletionSource().Task)));
        Assert.Equal("at-last", FailureOf(s => s.AddValidation("at-last", () => "no")));
        Assert.Null(FailureOf(_ => { }));

        string? FailureOf(Action<Simulation> define) => SeedRunner.Run(new SimulationScenario("scenario", "", s =>
        {
            s.Phases = new Phases(second, second, second * 3, second);
            s.AddWorkload("ticker", async node => await Task.Delay(second * 2, node.Time));
            define(s);
        }), 1).Failure?.Property;
    }

    [Fact]
    public void A_liveness_check_that_throws_does_not_hold_yet_and_fails_by_its_name_when_time_is_over()
    {
        Assert.Null(FailureOf(s => s.AddLivenessCheck("one-leads", () => Single(s.Now > TimeSpan.FromSeconds(3)))));
        var failure = FailureOf(s => s.AddLivenessCheck("one-leads", () => Single(false)));
        Assert.Equal("one-leads", failure?.Property);
        Assert.Contains("contains no matching element", failure?.Message, StringComparison.Ordinal);

        static string? Single(bool leads) => new[] { leads }.Single(l => l) ? null : "nobody";
    }

    [Fact]
    public void A_metric_that_throws_fails_its_seed_and_is_named()
    {
        var failure = FailureOf(s => s.AddMetric("epoch", () => Array.Empty<long>().Max()));
        Assert.Equal("scenario", failure?.Property);
        Assert.Contains("The metric epoch could not be read", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_asked_to_stop_ends_in_order_and_starts_again()
    {
        var stops = 0;
        var result = SeedRunner.Run(new SimulationScenario("stops", "", s =>
        {
            s.AddNode("node", async node =>
            {
                try
                {
                    await Task.Delay(TimeSpan.FromDays(1), node.Time, node.Stopping);
                }
                catch (OperationCanceledException)
                {
                    stops++;
                    throw;
                }
            });
            s.AddFault(new GracefulRestart(s.RequestStop));
        }), 1);
        Assert.Null(result.Failure);
        Assert.True(stops > 1);
        Assert.Equal(stops, result.Faults["graceful-restart"]);
    }

    [Fact]
    public void The_command_line_over_ones_own_scenarios_reports_replays_and_refuses()
    {
        Scenario good = new SimulationScenario("good", "", s => Counter(s, isDurable: true));
        Scenario bad = new SimulationScenario("bad", "", s => Counter(s, isDurable: false));
        var (summaryCode, summary) = Run("--seeds", "3", "--jobs", "1");
        Assert.Equal(0, summaryCode);
        Assert.StartsWith("good: 3 seeds, 3 passed, 0 failed; ", summary, StringComparison.Ordinal);
        var (code, text) = Run("bad", "--seeds", "20");
        Assert.Equal(1, code);
        Assert.StartsWith("Property nothing-lost failed at seed ", text, StringComparison.Ordinal);
        Assert.Equal((2, "There is no scenario 'ugly'; the scenarios are: good, bad."), Run("ugly"));
        Assert.Equal((2, "'9..3' names no seeds: give a count such as 200 or an ascending range such as 17..40, of at most 10000000 seeds."), Run("--seeds", "9..3"));
        Assert.Equal((2, "The option --seeds needs a value."), Run("--seeds"));
        Assert.Equal((0, "good seed 3 passed"), Run("good", "--seed", "3"));
        var (checkedCode, note) = Run("good", "--seeds", "2", "--check"); // by the test host, which cannot be started once more
        Assert.Equal(0, checkedCode);
        Assert.StartsWith("This process was not started with --check itself", note, StringComparison.Ordinal);

        (int Code, string FirstLine) Run(params string[] args)
        {
            var output = new StringWriter();
            return (SimulationConsole.Run(args, output, "test", good, bad), output.ToString().Split('\n')[0].TrimEnd());
        }
    }

    private static SimFailure? FailureOf(Action<Simulation> define) => SeedRunner.Run(new SimulationScenario("scenario", "", s =>
    {
        var second = TimeSpan.FromSeconds(1);
        s.Phases = new Phases(second, second, second * 4, second);
        define(s);
    }), 1).Failure;

    // A node counts requests in a file and acknowledges each; a client remembers the highest acknowledged number.
    private static void Counter(Simulation simulation, bool isDurable)
    {
        long acknowledged = 0, read = 0, answers = 0;
        simulation.AddNode("counter-1", node => ServeAsync(node, isDurable));
        simulation.AddWorkload("client-1", async node =>
        {
            while (!node.Stopping.IsCancellationRequested)
            {
                if (await AskAsync(node, "add") is { } number)
                {
                    acknowledged = Math.Max(acknowledged, number);
                    answers++;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), node.Time);
            }
        });
        simulation.AddFinalReader("reader", async node => read = await AskAsync(node, "read") ?? -1);
        simulation.AddCommonFaults();
        simulation.AddFault(new PowerLoss(), 3);
        simulation.FaultKindsAtLeast = int.MaxValue;
        simulation.AddValidation("nothing-lost", () => read >= acknowledged ? null : $"{acknowledged} was acknowledged, and {read} is what is there.");
        simulation.AddMetric("acknowledged", () => answers);
    }

    private static async Task ServeAsync(NodeContext node, bool isDurable)
    {
        using var file = await node.Disk.OpenAsync("count");
        await node.Disk.SyncDirectoryAsync(".");
        var buffer = new byte[8];
        var count = await file.ReadAsync(0, buffer) == 8 ? BitConverter.ToInt64(buffer) : 0;
        await node.Network.ServeAsync(s_counter, async stream =>
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line == "add")
                {
                    await file.WriteAsync(0, BitConverter.GetBytes(++count));
                    if (isDurable) await file.SyncAsync();
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{count}\n"));
            }
        });
    }

    private static async Task<long?> AskAsync(NodeContext node, string question)
    {
        try
        {
            using var stream = await node.Network.ConnectAsync(s_counter, TimeSpan.FromSeconds(1));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(question + "\n"));
            using var patience = new System.Threading.CancellationTokenSource(TimeSpan.FromSeconds(1), node.Time);
            return await new StreamReader(stream).ReadLineAsync(patience.Token) is { } line ? long.Parse(line, System.Globalization.CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
