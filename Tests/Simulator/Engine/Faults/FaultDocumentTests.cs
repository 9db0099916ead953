using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Simulator.Engine.Faults;
using Tests.Support;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>The page about faults names every kind, its class and its parameters.</summary>
public class FaultDocumentTests
{
    private static readonly Dictionary<string, (string Class, string Parameters)> s_rows = File.ReadLines(Path.Combine(RepositoryTree.Root, "docs", "faults.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 6 && cells[1].StartsWith('`'))
        .ToDictionary(cells => cells[1].Trim('`'), cells => (cells[2].Trim('`'), cells[3]));

    [Fact]
    public void Every_kind_stands_there_with_its_class()
    {
        var kinds = typeof(Fault).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Fault)) && !t.IsAbstract)
            .Select(t => (((Fault)RuntimeHelpers.GetUninitializedObject(t)).Kind, t.Name));
        Assert.Equal(kinds.Order(), s_rows.Select(r => (r.Key, r.Value.Class)).Order());
    }

    [Fact]
    public void Every_plan_has_the_parameters_that_stand_there()
    {
        var world = new PingWorld();
        world.TimeOfWrite("a"); // leaves a file that can rot
        foreach (var fault in NemesisTests.All)
        {
            var plan = Enumerable.Range(0, 100).Select(_ => fault.Plan(world.World, [world["a"], world["b"]], world.World.Random("plans"))).First(p => p is not null)!;
            Assert.Equal((fault.Kind, s_rows[fault.Kind].Parameters), (plan.Kind, string.Join(", ", plan.Parameters.Keys)));
        }

        Assert.Equal(s_rows.Count, NemesisTests.All.Count);
    }
}
