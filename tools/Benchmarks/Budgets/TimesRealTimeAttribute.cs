using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace tools.Benchmarks.Budgets;

/// <summary>Simulated time over real time on one core. The benchmark says in <see cref="SimulatedTime"/> how much it has simulated.</summary>
/// <param name="bar">At least so many times real time.</param>
public sealed class TimesRealTimeAttribute(double bar) : BudgetAttribute
{
    /// <inheritdoc/>
    protected override string Bar => $"bar {Number(bar, "N0")}x";

    /// <inheritdoc/>
    protected override double? Measure(Summary summary, BenchmarkCase benchmark) =>
        SimulatedTime.Of(benchmark.Descriptor.WorkloadMethod.Name) is { } simulated && MeanNanoseconds(summary, benchmark) is { } mean
            ? simulated.TotalNanoseconds / mean
            : null;

    /// <inheritdoc/>
    protected override bool IsMet(double measured) => measured >= bar;

    /// <inheritdoc/>
    protected override string Text(double measured) => $"{Number(measured, "N0")}x real time";
}
