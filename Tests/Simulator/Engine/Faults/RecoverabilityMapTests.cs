using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>What must survive survives: faults that would destroy the last good copy are vetoed, all others strike.</summary>
public class RecoverabilityMapTests
{
    private const int Bytes = 1000;
    private readonly SimWorld _world = new(1, new WorldOptions { Buggify = false });

    [Fact]
    public void The_last_good_copy_is_kept_and_a_rebuilt_one_may_be_destroyed_again()
    {
        var machines = Start(3);
        var group = _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        Assert.NotNull(new WipedDisk().Strike(_world, [machines[0]]));
        Assert.NotNull(new BitRot().Strike(_world, [machines[1]]));
        Assert.Equal([machines[2]], group.GoodCopies);

        Assert.Null(new WipedDisk().Strike(_world, [machines[2]]));
        Assert.Null(new BitRot().Strike(_world, [machines[2]]));
        Assert.Null(new MisdirectedWrites().Strike(_world, [machines[2]]));
        Assert.Null(new LyingSyncs().Strike(_world, [machines[2]]));
        Assert.Equal(["disk-bit-rot 1", "disk-lying-sync 1", "disk-misdirected-write 1", "disk-wipe 1"], _world.Faults.Vetoes.Select(v => $"{v.Key} {v.Value}"));
        Assert.True(IsIntact(machines[2]));

        Assert.NotNull(new BitRot().Strike(_world, [machines[1]])); // a bad copy cannot become worse
        _world.Recoverability.MarkRepaired(machines[1]);
        Assert.NotNull(new WipedDisk().Strike(_world, [machines[2]]));
        Assert.Equal([machines[1]], group.GoodCopies);
    }

    [Fact]
    public void Faults_that_destroy_nothing_are_not_vetoed()
    {
        var machines = Start(1);
        _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        foreach (var fault in new Fault[] { new ReadErrors(), new WriteErrors(), new NoSpaceErrors(), new ShortReads(), new ShortWrites(), new FullDisk(), new SlowDisk(), new StalledDisk(), new ProcessCrash() })
        {
            Assert.NotNull(fault.Strike(_world, machines));
        }

        Assert.Empty(_world.Faults.Vetoes);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void A_power_loss_and_a_failed_sync_destroy_only_copies_that_are_not_synced(bool isSynced, bool losesPower)
    {
        var machines = Start(2);
        var group = _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        group.IsSynced = isSynced;
        Fault fault = losesPower ? new PowerLoss() : new SyncErrors();
        Assert.NotNull(fault.Strike(_world, [machines[0]]));
        Assert.Equal(isSynced, fault.Strike(_world, [machines[1]]) is not null);
        Assert.Equal(isSynced ? 2 : 1, group.GoodCopies.Count);
    }

    [Fact]
    public void Only_the_protected_path_is_protected()
    {
        var machines = Start(1);
        _world.Recoverability.Protect("copy", machines, copiesToKeep: 1).Path = "copy";
        Assert.Null(new BitRot { Path = "copy" }.Strike(_world, machines));
        Assert.NotNull(new BitRot { Path = "other" }.Strike(_world, machines));
        Assert.NotNull(new LyingSyncs { Path = "other" }.Strike(_world, machines));
        Assert.Null(new LyingSyncs().Strike(_world, machines)); // may hit the protected one too
    }

    [Fact]
    public void A_misdirected_write_may_hit_what_is_protected_whatever_was_meant()
    {
        var machines = Start(1);
        _world.Recoverability.Protect("copy", machines, copiesToKeep: 1).Path = "copy";
        Assert.Null(new MisdirectedWrites { Path = "other" }.Strike(_world, machines));
        Assert.Equal(1, _world.Faults.Vetoes["disk-misdirected-write"]);
    }

    [Fact]
    public void Who_becomes_a_holder_while_a_fault_destroys_what_he_writes_holds_no_good_copy_until_he_has_rebuilt_it_after_the_end()
    {
        var machines = Start(3);
        IReadOnlyList<SimMachine> holders = [machines[0], machines[2]];
        var group = _world.Recoverability.Protect("copy", () => holders, copiesToKeep: 1);
        var lying = new LyingSyncs().Strike(_world, [machines[1]])!;
        holders = machines;
        Assert.NotNull(new WipedDisk().Strike(_world, [machines[0]]));
        Assert.Null(new WipedDisk().Strike(_world, [machines[2]]));
        lying.End();
        Assert.Equal([machines[2]], group.GoodCopies);
        Assert.Null(new WipedDisk().Strike(_world, [machines[2]]));
        _world.Recoverability.MarkRepaired(machines[1]);
        Assert.NotNull(new WipedDisk().Strike(_world, [machines[2]]));
    }

    [Fact]
    public void What_is_repaired_while_a_fault_destroys_is_not_repaired()
    {
        var machines = Start(2);
        var group = _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        var (first, second) = (new LyingSyncs().Strike(_world, [machines[1]])!, new MisdirectedWrites().Strike(_world, [machines[1]])!);
        _world.Recoverability.MarkRepaired(machines[1]);
        Assert.Null(new WipedDisk().Strike(_world, [machines[0]]));
        first.End();
        _world.Recoverability.MarkRepaired(machines[1]);
        Assert.Equal([machines[0]], group.GoodCopies);
        second.End();
        Assert.Equal([machines[0]], group.GoodCopies);
        _world.Recoverability.MarkRepaired(machines[1]);
        Assert.Equal(machines, group.GoodCopies);
        first.End(); // the second call does nothing
        Assert.Equal(machines, group.GoodCopies);
    }

    [Fact]
    public void A_fault_that_lasts_says_nothing_of_what_is_out_of_its_reach()
    {
        var machines = Start(1);
        var group = _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        group.Path = "copy";
        new LyingSyncs { Path = "other" }.Strike(_world, machines)!.End();
        Assert.Equal(machines, group.GoodCopies);
    }

    [Fact]
    public void Who_holds_copies_may_change()
    {
        var machines = Start(3);
        IReadOnlyList<SimMachine> holders = machines;
        _world.Recoverability.Protect("copy", () => holders, copiesToKeep: 2);
        Assert.NotNull(new BitRot().Strike(_world, [machines[0]]));
        Assert.Null(new BitRot().Strike(_world, [machines[1]]));
        holders = [machines[0], machines[2]];
        Assert.NotNull(new BitRot().Strike(_world, [machines[1]])); // holds none any more
        Assert.Null(new BitRot().Strike(_world, [machines[2]]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Under_a_nemesis_of_destruction_a_copy_survives_if_it_is_protected(bool isProtected)
    {
        var machines = Start(3);
        if (isProtected) _world.Recoverability.Protect("copy", machines, copiesToKeep: 1);
        (Fault, int)[] kinds = [(new BitRot(), 1), (new WipedDisk(), 1)];
        new Nemesis(_world, new FaultProfile(kinds, machines, new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)))).Start();
        _world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(isProtected ? 1 : 0, machines.Count(IsIntact));
        Assert.Equal(isProtected, _world.Faults.Vetoes.Count > 0);
    }

    private static bool IsIntact(SimMachine machine) =>
        machine.Disk.Peek("copy") is { Length: Bytes } copy && copy.IndexOfAnyExcept((byte)7) < 0;

    private List<SimMachine> Start(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var machine = _world.AddMachine($"m{i}");
            var isFirst = true;
            machine.Start(async node =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    await Write(node, "copy");
                    await Write(node, "other");
                    await node.Disk.SyncDirectory(".");
                }

                await new LoopPromise<Nothing>().Task;
            });
        }

        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(count, _world.Machines.Count(IsIntact));
        return [.. _world.Machines];

        static async LoopTask Write(Node node, string path)
        {
            var file = await node.Disk.Open(path, OpenMode.CreateNew);
            var bytes = new byte[Bytes];
            Array.Fill(bytes, (byte)7);
            await file.Write(0, bytes);
            await file.Sync();
        }
    }
}
