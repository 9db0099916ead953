using System;

namespace tools.Sim.Zoo;

/// <summary>
/// How often a seed kills a mutant. Each seed is taken for an independent trial that kills with one unknown probability p, of which
/// <paramref name="Kills"/> of <paramref name="Seeds"/> trials tell. Where the hunt ended with a kill, rate and interval lean upwards.
/// </summary>
/// <param name="Kills">Seeds that killed.</param>
/// <param name="Seeds">Seeds tried.</param>
internal readonly record struct KillRate(int Kills, int Seeds)
{
    /// <summary>The normal quantile of a two-sided interval of 95 %.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>Kills per seed; 0 without a trial.</summary>
    public double Rate => Seeds == 0 ? 0 : (double)Kills / Seeds;

    /// <summary>The Wilson score interval of p at 95 %; 0 to 1 without a trial. After Wilson, JASA 22 (1927).</summary>
    public (double Low, double High) RateInterval
    {
        get
        {
            if (Seeds == 0) return (0, 1);
            var scale = 1 + (Z * Z / Seeds);
            var centre = (Rate + (Z * Z / (2 * Seeds))) / scale;
            var half = Z / scale * Math.Sqrt((Rate * (1 - Rate) / Seeds) + (Z * Z / (4.0 * Seeds * Seeds)));
            return (Kills == 0 ? 0 : centre - half, Kills == Seeds ? 1 : centre + half);
        }
    }

    /// <summary>Half of all hunts need at most so many seeds; infinite if nothing was killed.</summary>
    public double MedianSeedsToKill => MedianAt(Rate);

    /// <summary>The medians at the ends of the rate's interval; infinite above if nothing was killed.</summary>
    public (double Low, double High) MedianInterval => (MedianAt(RateInterval.High), MedianAt(RateInterval.Low));

    /// <summary>The median of the geometric distribution, ln ½ / ln(1 − p), and never less than the one seed that it takes.</summary>
    private static double MedianAt(double p) => p switch
    {
        <= 0 => double.PositiveInfinity,
        >= 1 => 1,
        _ => Math.Max(1, Math.Log(0.5) / Math.Log(1 - p)),
    };
}
