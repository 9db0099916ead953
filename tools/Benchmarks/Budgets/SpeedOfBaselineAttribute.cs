using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace tools.Benchmarks.Budgets;

/// <summary>Operations per second over those of the baseline in the same run.</summary>
/// <param name="bar">At least this share.</param>
public sealed class SpeedOfBaselineAttribute(double bar) : BudgetAttribute
{
    /// <inheritdoc/>
    protected override string Bar => $"bar {Number(bar, "0.##")}";

    /// <inheritdoc/>
    protected override double? Measure(Summary summary, BenchmarkCase benchmark)
    {
        var baseline = summary.GetBaseline(summary.GetLogicalGroupKey(benchmark)!);
        return baseline is null ? null : MeanNanoseconds(summary, baseline) / MeanNanoseconds(summary, benchmark);
    }

    /// <inheritdoc/>
    protected override bool IsMet(double measured) => measured >= bar;

    /// <inheritdoc/>
    protected override string Text(double measured) => $"{Number(measured, "0.00")} of the baseline";
}
