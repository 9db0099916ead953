using System;
using BenchmarkDotNet.Attributes;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;
using tools.Benchmarks.Budgets;

namespace tools.Benchmarks.Cluster;

/// <summary>Simulated over real time of the default scenario: 3 brokers, 2 producers, 2 consumers under faults, all checks on, one core, compiled code.</summary>
[InProcess]
[MemoryDiagnoser]
[WarmupCount(3)]
[IterationCount(5)]
[InvocationCount(1)]
[HideColumns("Job", "Toolchain")]
public class ReplicationBenchmark
{
    private const int Seeds = 5;

    /// <summary>Seeds 1 to 5, one after the other.</summary>
    [Benchmark]
    [TimesRealTime(bar: 300)]
    public ulong Replication()
    {
        var scenario = new ClusterScenario(ReplicationPlan.Plan);
        var simulated = TimeSpan.Zero;
        var hashes = 0UL;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = SeedRunner.Run(scenario, seed);
            simulated += TimeSpan.FromSeconds(result.SimulatedSeconds);
            hashes ^= result.Hash;
        }

        SimulatedTime.Note(simulated);
        return hashes;
    }
}
