using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Engine.Faults;
using Xunit;

namespace Tests.Simulator.Engine.Disk;

/// <summary>Each fault of disks has a symptom of its own: it shows over a few seeds of that fault, and no other fault ever shows it.</summary>
public class DiskFaultTests
{
    private const int Seeds = 20;
    private static readonly Range<double> s_often = new(0.2, 0.6);

    private static readonly IReadOnlyDictionary<string, (Func<Fault> Make, string? Effect)> s_faults = new Dictionary<string, (Func<Fault>, string?)>
    {
        ["lost writes at the end"] = (() => new PowerLoss(DiskLosses.Data), "unsynced-data-lost"),
        ["a torn block"] = (() => new PowerLoss(DiskLosses.Tearing), "block-torn"),
        ["a lost write before one that is there"] = (() => new PowerLoss(DiskLosses.Reordering), "writeback-reordered"),
        ["a lost rename"] = (() => new PowerLoss(DiskLosses.Renames), "rename-lost"),
        ["a lost entry"] = (() => new PowerLoss(DiskLosses.Entries), "directory-entry-lost"),
        ["a read that fails"] = (() => new ReadErrors { Rate = s_often, Path = "d/cold" }, "read-error"),
        ["a write that fails"] = (() => new WriteErrors { Rate = s_often, Path = "d/log" }, "write-error"),
        ["a sync that fails for good"] = (() => new SyncErrors { Rate = s_often, Path = "d/log" }, "sync-error"),
        ["a sync that lied"] = (() => new LyingSyncs { Rate = s_often, Path = "d/log" }, "lying-sync"),
        ["a write without space"] = (() => new NoSpaceErrors { Rate = s_often, Path = "d/" }, "no-space"),
        ["a disk that is full"] = (() => new FullDisk(), null),
        ["a name that fails"] = (() => new NameErrors { Rate = s_often, Path = "d/cold" }, "name-error"),
        ["a short read"] = (() => new ShortReads { Rate = s_often }, "short-read"),
        ["a write in two steps"] = (() => new ShortWrites { Rate = s_often }, "short-write"),
        ["bytes of another place"] = (() => new MisdirectedWrites { Rate = s_often, Path = "d/log" }, "misdirected-write"),
        ["rotten bytes"] = (() => new BitRot { Path = "d/cold" }, "bit-rot"),
        ["an empty disk"] = (() => new WipedDisk(), "disk-wiped"),
        ["a stall"] = (() => new StalledDisk(), null),
        ["slowness"] = (() => new SlowDisk(), null),
    };

    public static TheoryData<string> Symptoms => [.. s_faults.Keys];

    [Theory]
    [MemberData(nameof(Symptoms))]
    public void A_fault_shows_its_own_symptom_and_no_other(string symptom)
    {
        var (make, effect) = s_faults[symptom];
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var effects = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var (symptoms, counted) = DiskWitness.Run(make(), seed);
            seen.UnionWith(symptoms);
            effects.UnionWith(counted.Keys);
        }

        Assert.Equal([symptom], seen);
        if (effect is not null) Assert.Contains(effect, make().Effects);
        Assert.Empty(make().Effects.Except(effects)); // what it declares happens
    }

    [Theory]
    [InlineData(DiskLosses.Ordered)]
    [InlineData(DiskLosses.All)]
    public void A_power_loss_declares_all_that_it_can_do_and_nothing_else(DiskLosses losses)
    {
        var effects = Enumerable.Range(1, 60).SelectMany(seed => DiskWitness.Run(new PowerLoss(losses), (ulong)seed).Effects.Keys).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(effects, new PowerLoss(losses).Effects.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("rename-lost", new PowerLoss(losses) { Rare = ["rename-lost"] }.Effects);
    }

    [Fact]
    public void A_share_of_the_operations_fails_and_only_on_the_path_that_was_meant()
    {
        Assert.Empty(DiskWitness.Run(new ReadErrors { Rate = new(1, 1), Path = "d/elsewhere" }, 1).Symptoms);
        Assert.Empty(DiskWitness.Run(new ReadErrors { Rate = new(0, 0) }, 1).Symptoms);
        Assert.Equal(6, DiskWitness.Run(new ReadErrors { Rate = new(1, 1) }, 1).Effects["read-error"]);
        Assert.Equal(6, DiskWitness.Run(new PowerLoss(DiskLosses.Renames) { Rate = new(1, 1) }, 1).Effects["rename-lost"]);
        Assert.Empty(DiskWitness.Run(new PowerLoss(DiskLosses.Renames) { Rate = new(0, 0) }, 1).Effects);
        Assert.InRange(Enumerable.Range(1, 20).Sum(seed => DiskWitness.Run(new ReadErrors { Rate = new(0.5, 0.5) }, (ulong)seed).Effects.GetValueOrDefault("read-error")), 40, 80);
    }
}
