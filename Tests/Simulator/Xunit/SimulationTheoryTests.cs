using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Simulations;
using Simulator.Xunit;
using tools.Sample.KeyValue;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tests.Simulator.Xunit;

public sealed class SimulationTheoryTests(ITestOutputHelper output)
{
    [SimulationTheory(Seeds = 5, Check = true)]
    public void The_sample_store_survives(Simulation simulation) => KeyValueSimulation.Define(simulation, PlantedBug.None);

    [SimulationTheory(Seeds = 3)]
    public Scenario A_scenario_may_be_returned() => KeyValueSimulation.Scenario(PlantedBug.None);

    [SimulationTheory(Seeds = 7, FirstSeed = 3)]
    public void A_seed_may_be_taken(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        Assert.InRange(seed, 3UL, 9UL);
    }

    [Fact]
    public async Task A_failing_seed_is_one_failed_test_that_says_what_failed_where_and_how_to_run_it_again()
    {
        var messages = await Run(nameof(Failing.Planted));
        var failed = Assert.Single(messages.OfType<ITestFailed>());
        var text = failed.Messages.Single();
        Assert.Equal(typeof(SimulationFailedException).FullName, failed.ExceptionTypes.Single());
        Assert.StartsWith("Property seed-below-4 failed at seed 4 of Failing.Planted, after ", text, StringComparison.Ordinal);
        foreach (var part in new[] { "seed 4 is too much", "last events:", "nemesis", "replay: SIM_SEED=4 dotnet test --filter \"FullyQualifiedName=", ".Failing.Planted\"", "3 of 10 seeds passed before it" })
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_method_throws_for_a_seed_is_reported_with_the_seed()
    {
        var text = Assert.Single((await Run(nameof(Failing.Throwing))).OfType<ITestFailed>()).Messages.Single();
        Assert.Contains("failed at seed 6 of Failing.Throwing", text, StringComparison.Ordinal);
        Assert.Contains("six", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Failing.Unmade), "no such scenario")]
    [InlineData(nameof(Failing.Uncounted), "The metric epoch could not be read")]
    [InlineData(nameof(Failing.Undecided), "contains no elements")]
    public async Task What_is_thrown_around_a_run_is_told_with_the_seed_and_the_command_that_runs_it_again(string method, string why)
    {
        var text = Assert.Single((await Run(method)).OfType<ITestFailed>()).Messages.Single();
        Assert.Contains($"failed at seed 1 of Failing.{method}", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
        Assert.Contains("replay: SIM_SEED=1 dotnet test", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_cannot_be_run_over_seeds_fails_with_a_sentence()
    {
        var text = Assert.Single((await Run(nameof(Failing.Wrong))).OfType<ITestFailed>()).Messages.Single();
        Assert.Contains("cannot be run over seeds", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passing_method_is_one_passed_test() => Assert.Single((await Run(nameof(Failing.Passing))).OfType<ITestPassed>());

    [Fact]
    public void The_environment_chooses_other_seeds_than_the_attribute()
    {
        var method = new SeededMethod(typeof(Failing), [], typeof(Failing).GetMethod(nameof(Failing.Planted))!);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (ulong)i), method.Seeds(_ => null));
        Assert.Equal([17UL], method.Seeds(name => name == "SIM_SEED" ? "17" : null));
        Assert.Equal([5UL, 6UL], method.Seeds(name => name == "SIM_SEEDS" ? "5..6" : null));
        Assert.Throws<ArgumentException>(() => method.Seeds(name => name == "SIM_SEED" ? "x" : null));
        method.Run(name => name == "SIM_SEED" ? "2" : null, CancellationToken.None);
        Assert.Throws<SimulationFailedException>(() => method.Run(name => name == "SIM_SEED" ? "9" : null, CancellationToken.None));
    }

    [Fact]
    public void With_several_threads_it_is_still_the_first_failing_seed_that_is_reported()
    {
        var found = new FirstFailure(Enumerable.Range(1, 200).Select(i => (ulong)i).ToList(), 3, seed => Result(seed, fails: seed is 57 or 58 or 60 or 150)).Find(CancellationToken.None);
        Assert.Equal(57UL, found?.Seed);
        Assert.Null(new FirstFailure([1, 2, 3], 2, seed => Result(seed, fails: false)).Find(CancellationToken.None));
    }

    private static SeedResult Result(ulong seed, bool fails) => new()
    {
        Scenario = "s",
        Seed = seed,
        Failure = fails ? new global::Simulator.Engine.SimFailure("p", "m", null) : null,
        Hash = 0,
        Events = 0,
        SimulatedSeconds = 0,
        Faults = new Dictionary<string, long>(),
        Metrics = new Dictionary<string, long>(),
        Configuration = new Dictionary<string, string>(),
    };

    private static async Task<IReadOnlyList<IMessageSinkMessage>> Run(string name)
    {
        var assembly = new TestAssembly(Reflector.Wrap(typeof(Failing).Assembly));
        var testClass = new TestClass(new TestCollection(assembly, null, "inner"), Reflector.Wrap(typeof(Failing)));
        var method = new TestMethod(testClass, Reflector.Wrap(typeof(Failing).GetMethod(name)!));
        var attribute = method.Method.GetCustomAttributes(typeof(SimulationTheoryAttribute)).Single();
        var testCase = new SimulationTestCaseDiscoverer(new NullMessageSink()).Discover(new NoOptions(), method, attribute).Single();
        using var bus = new Bus();
        var summary = await testCase.RunAsync(new NullMessageSink(), bus, [], new ExceptionAggregator(), new CancellationTokenSource());
        Assert.Equal(1, summary.Total);
        return bus.Messages;
    }

    /// <summary>Not a test class that xunit finds: it is not public.</summary>
#pragma warning disable xUnit1000
    private sealed class Failing
    {
        [SimulationTheory(Seeds = 10)]
        public void Planted(Simulation simulation)
        {
            simulation.AddNode("node", node => Task.Delay(TimeSpan.FromDays(1), node.Time));
            simulation.AddFault(new ProcessCrash());
            simulation.AddValidation("seed-below-4", () => simulation.Seed < 4 ? null : $"seed {simulation.Seed} is too much");
        }

        [SimulationTheory(Seeds = 10)]
        public void Throwing(ulong seed) => Assert.False(seed == 6, "six");

        [SimulationTheory(Seeds = 2)]
        public Scenario Unmade() => throw new InvalidOperationException("no such scenario");

        [SimulationTheory(Seeds = 2)]
        public void Uncounted(Simulation simulation) => simulation.AddMetric("epoch", () => Array.Empty<long>().Max());

        [SimulationTheory(Seeds = 2)]
        public void Undecided(Simulation simulation) => simulation.AddLivenessCheck("one-leads", () => Array.Empty<string>().Single());

        [SimulationTheory]
        public void Wrong(string text) => Assert.NotNull(text);

        [SimulationTheory(Seeds = 2, Jobs = 2)]
        public void Passing(Simulation simulation) => simulation.Describe("nothing", "at all");
    }
#pragma warning restore xUnit1000

    private sealed class NoOptions : ITestFrameworkDiscoveryOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value)
        {
        }
    }

    private sealed class Bus : IMessageBus
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            lock (Messages) Messages.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
