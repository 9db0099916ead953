using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Disk;

/// <summary>
/// What a disk keeps when the power goes: what was synced, and of the rest what writeback happened to have done. Each case is tried
/// with many seeds: what must never happen is seen never, what may happen is seen both ways.
/// </summary>
public class SimDiskTests
{
    private const int Seeds = 60;

    [Fact]
    public void A_new_file_whose_directory_was_not_synced_may_be_gone_though_its_bytes_were_synced()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            var file = await disk.Open("d/new", OpenMode.CreateNew);
            await file.Write(0, "x"u8.ToArray());
            await file.Sync();
        });
        Assert.Equal(["", "new=x"], outcomes);
    }

    [Fact]
    public void A_new_file_is_there_for_good_once_it_and_its_directory_are_synced()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            var file = await disk.Open("d/new", OpenMode.CreateNew);
            await file.Write(0, "x"u8.ToArray());
            await file.Sync();
            await disk.SyncDirectory("d");
        });
        Assert.Equal(["new=x"], outcomes);
    }

    [Fact]
    public void A_rename_is_seen_whole_or_not_at_all()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            foreach (var name in new[] { "new", "old" })
            {
                var file = await disk.Open("d/" + name, OpenMode.CreateNew);
                await file.Write(0, Encoding.UTF8.GetBytes(name));
                await file.Sync();
            }

            await disk.SyncDirectory("d");
            await disk.Rename("d/new", "d/old");
        });
        Assert.Equal(["new=new old=old", "old=new"], outcomes);
    }

    [Fact]
    public void A_deleted_file_may_come_back_until_its_directory_is_synced()
    {
        Assert.Equal(["", "gone=x"], AfterPowerLoss(disk => CreateAndDelete(disk, sync: false)));
        Assert.Equal([""], AfterPowerLoss(disk => CreateAndDelete(disk, sync: true)));

        static async LoopTask CreateAndDelete(IDisk disk, bool sync)
        {
            var file = await disk.Open("d/gone", OpenMode.CreateNew);
            await file.Write(0, "x"u8.ToArray());
            await file.Sync();
            await disk.SyncDirectory("d");
            await disk.Delete("d/gone");
            if (sync) await disk.SyncDirectory("d");
        }
    }

    [Fact]
    public void A_write_that_ended_during_a_sync_is_not_covered_by_it()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            var file = await disk.Open("d/f", OpenMode.CreateNew);
            await disk.SyncDirectory("d");
            await file.Write(0, "a"u8.ToArray());
            var sync = file.Sync();
            await file.Write(1, "b"u8.ToArray());
            await sync;
        });
        Assert.Equal(["f=a", "f=ab"], outcomes);
    }

    [Fact]
    public void Unsynced_writes_are_lost_from_the_end_and_the_first_lost_one_is_torn()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            var file = await disk.Open("d/f", OpenMode.CreateNew);
            await disk.SyncDirectory("d");
            await file.Write(0, "12"u8.ToArray());
            await file.Write(2, "34"u8.ToArray());
        });
        Assert.Equal(["f=", "f=1", "f=12", "f=123", "f=1234"], outcomes);
    }

    [Fact]
    public void A_truncation_that_was_not_synced_may_be_taken_back()
    {
        var outcomes = AfterPowerLoss(async disk =>
        {
            var file = await disk.Open("d/f", OpenMode.CreateNew);
            await file.Write(0, "1234"u8.ToArray());
            await file.Sync();
            await disk.SyncDirectory("d");
            await file.SetLength(1);
        });
        Assert.Equal(["f=1", "f=1234"], outcomes);
    }

    [Fact]
    public void A_full_disk_refuses_the_write_and_takes_it_once_there_is_room()
    {
        var steps = new List<string>();
        var world = new SimWorld(1, new WorldOptions { DiskBytes = 10, Buggify = false });
        world.AddMachine("a").Start(async node =>
        {
            var file = await node.Disk.Open("a", OpenMode.CreateNew);
            await file.Write(0, new byte[8]);
            steps.Add($"free {await node.Disk.FreeBytes()}");
            var other = await node.Disk.Open("b", OpenMode.CreateNew);
            try
            {
                await other.Write(0, new byte[3]);
            }
            catch (DiskException e)
            {
                steps.Add($"{e.Error} {other.Length}");
            }

            await file.Write(0, new byte[8]); // in place: needs no room
            await node.Disk.Delete("a");
            await other.Write(0, new byte[3]);
            steps.Add($"free {await node.Disk.FreeBytes()}");
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Null(world.Failure);
        Assert.Equal(["free 2", "NoSpace 2", "free 7"], steps);
    }

    [Fact]
    public void A_full_disk_refuses_to_extend_a_file_too()
    {
        var steps = new List<string>();
        var world = new SimWorld(1, new WorldOptions { DiskBytes = 10, Buggify = false });
        world.AddMachine("a").Start(async node =>
        {
            var file = await node.Disk.Open("a", OpenMode.CreateNew);
            await file.SetLength(8);
            try
            {
                await file.SetLength(11);
            }
            catch (DiskException e)
            {
                steps.Add($"{e.Error} {file.Length}");
            }

            await file.SetLength(3);
            steps.Add($"free {await node.Disk.FreeBytes()}");
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Null(world.Failure);
        Assert.Equal(["NoSpace 8", "free 7"], steps);
    }

    /// <summary>All that was found in directory d after a power loss, "name=content …", over many seeds, without repetition.</summary>
    private static IEnumerable<string> AfterPowerLoss(Func<IDisk, LoopTask> program)
    {
        var outcomes = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var world = new SimWorld(seed, new WorldOptions { Buggify = false });
            var machine = world.AddMachine("a");
            machine.Start(async node =>
            {
                await node.Disk.CreateDirectory("d");
                await node.Disk.SyncDirectory("/");
                await program(node.Disk);
            });
            world.RunFor(TimeSpan.FromSeconds(10));
            Assert.Null(world.Failure);
            machine.LosePower();
            outcomes.Add(string.Join(' ', machine.Disk.PeekNames("d").Select(n => $"{n}={Encoding.UTF8.GetString(machine.Disk.Peek("d/" + n))}")));
        }

        return outcomes;
    }
}
