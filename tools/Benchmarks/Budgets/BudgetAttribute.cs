using System;
using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace tools.Benchmarks.Budgets;

/// <summary>What a benchmark is to reach, as a ratio that means the same on every machine. Shown in the column Budget.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BudgetAttribute : Attribute
{
    /// <summary>The measured ratio and its bar, in words; "?" where nothing was measured.</summary>
    public string Describe(Summary summary, BenchmarkCase benchmark) =>
        Measure(summary, benchmark) is { } measured ? $"{Text(measured)} ({Bar}): {(IsMet(measured) ? "met" : "MISSED")}" : "?";

    /// <summary>The bar in words.</summary>
    protected abstract string Bar { get; }

    /// <summary>The measured ratio.</summary>
    protected abstract double? Measure(Summary summary, BenchmarkCase benchmark);

    /// <summary>Whether the ratio is good enough.</summary>
    protected abstract bool IsMet(double measured);

    /// <summary>The ratio in words.</summary>
    protected abstract string Text(double measured);

    /// <summary>Mean nanoseconds per operation.</summary>
    protected static double? MeanNanoseconds(Summary summary, BenchmarkCase benchmark) => summary[benchmark]?.ResultStatistics?.Mean;

    /// <summary>A number as people read it.</summary>
    protected static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
