using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Replay;

/// <summary>Streams of draws begin where they are told to, can be quiet, and are noted once something is drawn from them.</summary>
public class NoiseTests
{
    [Fact]
    public void A_quiet_stream_draws_the_least_of_each_range_and_lets_nothing_happen_that_is_not_certain()
    {
        var quiet = RandomStream.Quiet();
        var bytes = new byte[11];
        Array.Fill(bytes, (byte)1);
        quiet.Fill(bytes);
        Assert.True(quiet.IsQuiet);
        Assert.Equal((3, -5L, 0.0, TimeSpan.FromSeconds(2), 'a'), (quiet.Next(3, 9), quiet.NextInt64(-5, 5), quiet.NextDouble(), quiet.NextSpan(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9)), quiet.Pick(['a', 'b'])));
        Assert.All(bytes, b => Assert.Equal(0, b));
        Assert.Equal((false, false, true), (quiet.Chance(0), quiet.Chance(0.999), quiet.Chance(1)));
        Assert.True(quiet.IsQuiet);
    }

    [Fact]
    public void Streams_of_a_seed_written_down_by_their_starts_draw_the_same()
    {
        var grown = Noise.Of(42);
        var draws = grown.Open("a").NextUInt64();
        grown.Open("b");
        var starts = grown.Drawn;
        Assert.Equal(["a"], starts.Keys);
        Assert.Equal(draws, Noise.Of(starts).Open("a").NextUInt64());
        Assert.Equal(RandomStream.Named(42, "a").NextUInt64(), draws);
    }

    [Fact]
    public void What_is_not_named_begins_where_the_others_do_or_where_its_name_says()
    {
        Assert.Equal(RandomStream.Named(0, "a").NextUInt64(), Noise.Of(new Dictionary<string, StreamStart>()).Open("a").NextUInt64());
        var mostlyQuiet = Noise.Of(new Dictionary<string, StreamStart> { [Noise.Others] = StreamStart.Quiet, ["loud"] = new(5) });
        Assert.True(mostlyQuiet.Open("a").IsQuiet);
        Assert.False(mostlyQuiet.Open("loud").IsQuiet);
        Assert.Same(mostlyQuiet.Open("loud"), mostlyQuiet.Open("loud"));
        mostlyQuiet.Open("a").NextUInt64();
        mostlyQuiet.Open("loud").NextUInt64();
        Assert.Equal("loud", mostlyQuiet.Drawn.Single().Key);
    }
}
