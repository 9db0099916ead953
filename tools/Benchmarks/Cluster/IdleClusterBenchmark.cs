using System;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Reference.Broker;
using Scenarios.Cluster;
using Simulator.Engine;
using tools.Benchmarks.Budgets;

namespace tools.Benchmarks.Cluster;

/// <summary>Simulated over real time of three brokers and a coordination store that have nothing to do but to show that they live.</summary>
[InProcess]
[MemoryDiagnoser]
[WarmupCount(5)]
[IterationCount(5)]
[InvocationCount(1)]
[HideColumns("Job", "Toolchain")]
public class IdleClusterBenchmark
{
    private static readonly TimeSpan s_span = TimeSpan.FromHours(10);
    private SimWorld _world = null!;

    /// <summary>Starts the cluster and lets it settle.</summary>
    [GlobalSetup]
    public void Start()
    {
        _world = new SimWorld(seed: 1);
        var coordination = new CoordinationMachine(_world);
        var swarm = Swarm.Draw(_world.Random("swarm")) with { SessionTimeoutMs = 18_000 }; // Kafka's default
        var shape = new ClusterShape(swarm, coordination.Machine.Name);
        var brokers = Enumerable.Range(1, 3).Select(id => new BrokerMachine(_world, id, shape, BrokerDecisions.Kafka)).ToList();
        coordination.Start();
        foreach (var broker in brokers) broker.Start();
        _world.RunFor(TimeSpan.FromMinutes(1));
        if (!brokers.Any(b => b.IsController)) throw new InvalidOperationException("The cluster did not start.");
    }

    /// <summary>Ten hours.</summary>
    [Benchmark]
    [TimesRealTime(bar: 100_000)]
    public long IdleCluster()
    {
        _world.RunFor(s_span);
        SimulatedTime.Note(s_span);
        return _world.Events;
    }
}
