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

    /// <summary>The same cluster as async programs on machines of the engine.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    [SpeedOfBaseline(bar: 0.5)]
    public long Engine() => EngineToy.Run(seed: 1, Events);
}
