using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace tools.Benchmarks.Budgets;

/// <summary>Real seconds of one operation.</summary>
/// <param name="seconds">At most so many.</param>
public sealed class WithinAttribute(double seconds) : BudgetAttribute
{
    /// <inheritdoc/>
    protected override string Bar => $"bar {Number(seconds, "0.#")} s";

    /// <inheritdoc/>
    protected override double? Measure(Summary summary, BenchmarkCase benchmark) => MeanNanoseconds(summary, benchmark) / 1e9;

    /// <inheritdoc/>
    protected override bool IsMet(double measured) => measured <= seconds;

    /// <inheritdoc/>
    protected override string Text(double measured) => $"{Number(measured, "0.##")} s";
}
