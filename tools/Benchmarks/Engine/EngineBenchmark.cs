using BenchmarkDotNet.Attributes;
using tools.Benchmarks.Budgets;

namespace tools.Benchmarks.Engine;

/// <summary>
/// Events per second of the bare engine on a toy cluster (a client, a leader that writes and copies to two followers), beside a
/// loop written by hand for just that cluster. Times and allocations are those of one event.
/// </summary>
[InProcess]
[MemoryDiagnoser]
[WarmupCount(3)]
[IterationCount(9)]
[InvocationCount(1)]
[HideColumns("Job", "Toolchain")]
public class EngineBenchmark
{
    private const int Events = 1_000_000;

    /// <summary>A state machine over the timing wheel, no tasks, no bytes: the fastest thing that does the same.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public long HandWritten() => new HandWrittenToy(seed: 1).Run(Events);

    /// <summary>The same state machine, its events delivered by the engine: machines, processes, clocks, the run hash.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    [SpeedOfBaseline(bar: 0.5)]
    public long BareEngine() => EventsToy.Run(seed: 1, Events);

    /// <summary>The same steps as async methods that wait on their machines' clocks: what the tasks cost that make a program readable.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Tasks() => TimersToy.Run(seed: 1, Events);

    /// <summary>The same cluster as async programs whose bytes go through the engine's network and disk, which the hand-written one has not.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Engine() => EngineToy.Run(seed: 1, Events);
}
