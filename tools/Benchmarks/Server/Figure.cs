namespace tools.Benchmarks.Server;

/// <summary>One measured figure of the server.</summary>
/// <param name="Id">Its name in reports for programs.</param>
/// <param name="What">What was measured, in words.</param>
/// <param name="Value">The value in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of value and baseline.</param>
/// <param name="Baseline">What the plain means of the machine need for the same; null where there is no such thing.</param>
/// <param name="BaselineIs">What the baseline is, in words.</param>
internal sealed record Figure(string Id, string What, double Value, string Unit, double? Baseline = null, string? BaselineIs = null)
{
    /// <summary>Value by baseline: what holds on other machines too.</summary>
    public double? Ratio => Value / Baseline;
}
