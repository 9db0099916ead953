using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using global::Scenarios.Running;
using Simulator.Engine;
using Tests.Support;
using Xunit;

namespace Tests.Scenarios.Running;

/// <summary>What is rare is declared, so that what stays cold is missed.</summary>
public partial class RaritiesTests
{
    [Fact]
    public void Every_buggify_point_of_the_reference_implementation_is_declared_and_no_other()
    {
        var asked = Directory.EnumerateFiles(Path.Combine(RepositoryTree.Root, "Reference"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Asked().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value));
        Assert.Equal(Rarities.BuggifyPoints, asked.Distinct().Order(StringComparer.Ordinal));
        Assert.True(Rarities.BuggifyPoints.Count >= 9);
    }

    [Fact]
    public void A_situation_is_cold_until_reached_and_unknown_until_declared()
    {
        var world = new SimWorld(1);
        world.Sometimes.Declare("dawn");
        Assert.Equal(new Dictionary<string, long> { ["dawn"] = 0 }, world.Sometimes.Hits);
        world.Sometimes.Reached("dawn");
        world.Sometimes.Reached("dawn");
        world.Sometimes.Declare("dawn");
        Assert.Equal(2, world.Sometimes.Hits["dawn"]);
        Assert.Throws<InvalidOperationException>(() => world.Sometimes.Reached("dusk"));
    }

    [GeneratedRegex("""\.Buggify\("([^"]+)"\)""")]
    private static partial Regex Asked();
}
