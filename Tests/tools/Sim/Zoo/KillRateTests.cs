using tools.Sim.Zoo;
using Xunit;

namespace Tests.tools.Sim.Zoo;

/// <summary>Figures of hunts, held against tables of the Wilson interval and the geometric distribution.</summary>
public class KillRateTests
{
    [Theory]
    [InlineData(0, 20, 0, 0, 0.1611)]
    [InlineData(20, 20, 1, 0.8389, 1)]
    [InlineData(1, 1, 1, 0.2065, 1)]
    [InlineData(10, 100, 0.1, 0.0552, 0.1744)]
    [InlineData(5, 10, 0.5, 0.2366, 0.7634)]
    [InlineData(0, 0, 0, 0, 1)]
    public void The_rate_has_its_Wilson_interval(int kills, int seeds, double rate, double low, double high)
    {
        var it = new KillRate(kills, seeds);
        Assert.Equal(rate, it.Rate, 4);
        Assert.Equal(low, it.RateInterval.Low, 4);
        Assert.Equal(high, it.RateInterval.High, 4);
    }

    [Theory]
    [InlineData(10, 100, 6.579)]
    [InlineData(50, 100, 1)]
    [InlineData(99, 100, 1)] // it takes one seed at least
    [InlineData(7, 7, 1)]
    [InlineData(1, 100, 68.968)]
    [InlineData(0, 100, double.PositiveInfinity)]
    public void The_median_is_that_of_the_geometric_distribution(int kills, int seeds, double median) =>
        Assert.Equal(median, new KillRate(kills, seeds).MedianSeedsToKill, 3);

    [Fact]
    public void The_medians_interval_is_the_rates_turned_round()
    {
        var (low, high) = new KillRate(10, 100).MedianInterval;
        Assert.Equal(3.617, low, 2); // at 17.44 %
        Assert.Equal(12.20, high, 2); // at 5.52 %
        Assert.Equal((1, double.PositiveInfinity), new KillRate(0, 0).MedianInterval);
        Assert.Equal(3.946, new KillRate(0, 20).MedianInterval.Low, 2);
        Assert.Equal(double.PositiveInfinity, new KillRate(0, 20).MedianInterval.High);
    }
}
