using System;
using Reference.Rpc;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Rpc;

public class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_greatest_and_begin_again_after_a_reset()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1000), new RandomStream(1), jitter: 0);
        double[] waits = [100, 200, 400, 800, 1000, 1000];
        foreach (var wait in waits) Assert.Equal(wait, backoff.Next().TotalMilliseconds);
        backoff.Reset();
        Assert.Equal(100, backoff.Next().TotalMilliseconds);
    }

    [Fact]
    public void Jitter_spreads_waits_within_its_bounds()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), new RandomStream(1), jitter: 0.5);
        var (least, greatest) = (double.MaxValue, 0.0);
        for (var i = 0; i < 1000; i++)
        {
            var wait = backoff.Next().TotalMilliseconds;
            (least, greatest) = (Math.Min(least, wait), Math.Max(greatest, wait));
        }

        Assert.InRange(least, 50, 60);
        Assert.InRange(greatest, 140, 150);
    }
}
