using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Simulations;

namespace Simulator.Xunit;

/// <summary>A test method, run for each of its seeds.</summary>
internal sealed class SeededMethod(Type testClass, object[] constructorArguments, MethodInfo method)
{
    private const int TraceLines = 200;
    private readonly SimulationTheoryAttribute _settings = method.GetCustomAttribute<SimulationTheoryAttribute>()!;

    private string Name => $"{testClass.Name}.{method.Name}";

    /// <summary>Runs the seeds, in ascending order where one thread does.</summary>
    /// <param name="environment">Gives environment variables.</param>
    /// <param name="cancellation">Looked at between two seeds.</param>
    /// <exception cref="SimulationFailedException">A seed failed.</exception>
    /// <exception cref="InvalidOperationException">The method has a signature that cannot be run.</exception>
    public void Run(Func<string, string?> environment, CancellationToken cancellation)
    {
        var seeds = Seeds(environment);
        var runSeed = RunnerOfOneSeed();
        var failure = new FirstFailure(seeds, _settings.Jobs, seed => runSeed(seed, false)).Find(cancellation);
        if (failure is null) return;
        var shown = failure.FailsAgain ? runSeed(failure.Seed, true) : failure;
        var passed = failure.Seed - seeds[0];
        throw new SimulationFailedException(FailureText.Of(shown.Passed ? failure : shown, ReplayCommand(failure.Seed)) + $"\n{passed} of {seeds.Count} seeds passed before it");
    }

    /// <summary>The command that runs one seed of this method again.</summary>
    internal string ReplayCommand(ulong seed) =>
        $"SIM_SEED={seed.ToString(CultureInfo.InvariantCulture)} dotnet test --filter \"FullyQualifiedName={testClass.FullName!.Replace('+', '.')}.{method.Name}\"";

    internal IReadOnlyList<ulong> Seeds(Func<string, string?> environment)
    {
        if (environment("SIM_SEED") is { Length: > 0 } one) return [SeedRange.ParseOne(one)];
        if (environment("SIM_SEEDS") is { Length: > 0 } some) return SeedRange.Parse(some);
        return Enumerable.Range(0, _settings.Seeds).Select(i => _settings.FirstSeed + (ulong)i).ToList();
    }

    private Func<ulong, bool, SeedResult> RunnerOfOneSeed()
    {
        var parameters = method.GetParameters();
        if (parameters is [{ ParameterType: var type }] && type == typeof(ulong)) return (seed, _) => CallWith(seed);
        if (parameters.Length == 0 && typeof(Scenario).IsAssignableFrom(method.ReturnType)) return (seed, trace) => Guarded(seed, () => RunScenario((Scenario)Invoke()!, seed, trace));
        if (parameters is [{ ParameterType: var only }] && only == typeof(Simulation) && method.ReturnType == typeof(void))
        {
            return (seed, trace) => Guarded(seed, () => RunScenario(new SimulationScenario(Name, Name, simulation => Invoke(simulation)), seed, trace));
        }

        throw new InvalidOperationException($"{Name} cannot be run over seeds: it must take a Simulation and return nothing, or take a ulong, or take nothing and return a Scenario.");
    }

    private SeedResult RunScenario(Scenario scenario, ulong seed, bool trace)
    {
        if (trace) return SeedRunner.Run(scenario, seed, new RunOptions(TraceLines: TraceLines));
        return _settings.Check ? DeterminismCheck.RunTwice(scenario, seed) : SeedRunner.Run(scenario, seed);
    }

    private SeedResult CallWith(ulong seed) => Guarded(seed, () =>
    {
        if (Invoke(seed) is Task task) task.GetAwaiter().GetResult();
        return Outcome(seed, null);
    });

    // Whatever a seed throws is told with the seed and the command that runs it again.
    private SeedResult Guarded(ulong seed, Func<SeedResult> run)
    {
        try
        {
            return run();
        }
        catch (Exception e)
        {
            return Outcome(seed, new SimFailure("test", e.ToString(), e));
        }
    }

    private SeedResult Outcome(ulong seed, SimFailure? failure) => new()
    {
        Scenario = Name,
        Seed = seed,
        Failure = failure,
        Hash = 0,
        Events = 0,
        SimulatedSeconds = 0,
        Faults = new Dictionary<string, long>(),
        Metrics = new Dictionary<string, long>(),
        Configuration = new Dictionary<string, string>(),
    };

    private object? Invoke(params object[] arguments)
    {
        try
        {
            var instance = method.IsStatic ? null : Activator.CreateInstance(testClass, constructorArguments);
            var result = method.Invoke(instance, arguments);
            (instance as IDisposable)?.Dispose();
            return result;
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
