using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Platform;

/// <summary>
/// Random streams give the same numbers for ever: seeds in bug reports depend on it. The golden values come from a separate
/// implementation of xoshiro256** and SplitMix64 after their published definitions.
/// </summary>
public sealed class RandomStreamTests
{
    [Theory]
    [InlineData(0UL, new[] { 0x99ec5f36cb75f2b4UL, 0xbf6e1f784956452aUL, 0x1a5f849d4933e6e0UL, 0x6aa594f1262d2d2cUL })]
    [InlineData(42UL, new[] { 0x15780b2e0c2ec716UL, 0x6104d9866d113a7eUL, 0xae17533239e499a1UL, 0xecb8ad4703b360a1UL })]
    public void The_bits_are_golden(ulong seed, ulong[] expected)
    {
        var stream = new RandomStream(seed);
        Assert.Equal(expected, expected.Select(_ => stream.NextUInt64()));
    }

    [Fact]
    public void Small_numbers_fractions_and_bytes_are_golden()
    {
        var small = new RandomStream(42);
        Assert.Equal([0, 3, 6, 9, 9, 7, 7, 8, 7, 5, 6, 2], Enumerable.Range(0, 12).Select(_ => small.Next(10)));
        var fractions = new RandomStream(42);
        foreach (var expected in new[] { 0.08386297106, 0.378980250663, 0.680043411028 }) Assert.Equal(expected, fractions.NextDouble(), 11);
        var bytes = new byte[11];
        new RandomStream(7).Fill(bytes);
        Assert.Equal("5A76F94EF7FA58B3D22C48", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Named_streams_are_golden_and_differ_by_seed_and_name()
    {
        var stream = RandomStream.Named(42, "network");
        Assert.Equal(0x6c78c021d5062dffUL, stream.NextUInt64());
        Assert.Equal(0x73e0ed00a8c62e37UL, stream.NextUInt64());
        Assert.NotEqual(RandomStream.Named(42, "network").NextUInt64(), RandomStream.Named(42, "netwerk").NextUInt64());
        Assert.NotEqual(RandomStream.Named(42, "network").NextUInt64(), RandomStream.Named(43, "network").NextUInt64());
    }

    [Fact]
    public void Numbers_stay_in_their_ranges_and_reach_all_of_them()
    {
        var stream = new RandomStream(1);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
        {
            seen.Add(stream.Next(-3, 4));
            Assert.InRange(stream.NextInt64(long.MaxValue - 2, long.MaxValue), long.MaxValue - 2, long.MaxValue - 1);
            Assert.InRange(stream.NextSpan(TimeSpan.FromMicroseconds(5), TimeSpan.FromMicroseconds(7)).TotalMicroseconds, 5, 6);
        }

        Assert.Equal([-3, -2, -1, 0, 1, 2, 3], seen.Order());
        Assert.Equal(TimeSpan.FromSeconds(1), stream.NextSpan(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Next(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt64(5, 5));
    }

    [Fact]
    public void Chances_come_about_as_often_as_they_say()
    {
        var stream = new RandomStream(9);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => stream.Chance(0.3)), 2800, 3200);
        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => stream.Chance(0)));
        Assert.DoesNotContain(false, Enumerable.Range(0, 100).Select(_ => stream.Chance(1)));
    }

    [Fact]
    public void A_shuffle_keeps_all_items_and_moves_them()
    {
        var items = Enumerable.Range(0, 50).ToList();
        new RandomStream(3).Shuffle(items);
        Assert.NotEqual(Enumerable.Range(0, 50), items);
        Assert.Equal(Enumerable.Range(0, 50), items.Order());
        Assert.Contains(new RandomStream(3).Pick(items), items);
    }
}
