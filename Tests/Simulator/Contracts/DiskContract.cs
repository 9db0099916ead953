using System;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="IDisk"/> promises.</summary>
public abstract class DiskContract(IContractWorld world) : ContractTests(world)
{
    [Fact]
    public void Open_modes_differ_by_whether_the_file_is_there() => World.Run(async a =>
    {
        var missing = await Expect.Disk(DiskError.NotFound, a.Disk.Open("f", OpenMode.OpenExisting));
        Assert.Contains("f", missing.Message, StringComparison.Ordinal);
        await Put(a, "f", OpenMode.CreateNew, 1);
        await Expect.Disk(DiskError.AlreadyExists, a.Disk.Open("f", OpenMode.CreateNew));
        Assert.Equal([1], await a.Disk.ReadAllBytes("f"));
        var again = await a.Disk.Open("f", OpenMode.OpenOrCreate);
        Assert.Equal(1, again.Length);
        Assert.Equal(0, (await a.Disk.Open("g", OpenMode.OpenOrCreate)).Length);
    });

    [Fact]
    public void What_is_no_directory_cannot_be_listed() => World.Run(async a =>
    {
        await Put(a, "f", OpenMode.CreateNew, 1);
        await Expect.Disk(DiskError.NotFound, a.Disk.List("f"));
        await Expect.Disk(DiskError.NotFound, a.Disk.List("nothing"));
    });

    [Fact]
    public void A_file_is_held_by_one_at_a_time_until_the_handle_is_closed() => World.Run(async a =>
    {
        var held = await a.Disk.Open(".lock", OpenMode.Exclusive);
        var refused = await Expect.Disk(DiskError.Locked, a.Disk.Open(".lock", OpenMode.Exclusive));
        Assert.Contains(".lock", refused.Message, StringComparison.Ordinal);
        await held.Write(0, new byte[] { 1 });
        var other = await a.Disk.Open("other.lock", OpenMode.Exclusive);
        held.Close();
        held.Close(); // nothing happens
        var next = await a.Disk.Open(".lock", OpenMode.Exclusive);
        Assert.Equal(1, next.Length);
        held.Close(); // and does not let go of what another holds
        await Expect.Disk(DiskError.Locked, a.Disk.Open(".lock", OpenMode.Exclusive));
        next.Close();
        other.Close();
        Assert.Equal([1], await a.Disk.ReadAllBytes(".lock"));
    });

    [Fact]
    public void A_file_needs_its_directory() => World.Run(async a =>
    {
        await Expect.Disk(DiskError.NotFound, a.Disk.Open("no/such/file", OpenMode.OpenOrCreate));
        await a.Disk.CreateDirectory("no/such");
        await a.Disk.CreateDirectory("no/such"); // nothing happens
        await Put(a, "no/such/file", OpenMode.OpenOrCreate, 1);
        Assert.True(await a.Disk.Exists("no"));
        Assert.True(await a.Disk.Exists("no/such/file"));
        Assert.False(await a.Disk.Exists("no/such/other"));
    });

    [Fact]
    public void A_listing_has_names_in_ordinal_order() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("d/Zebra");
        foreach (var name in new[] { "b", "a", "10", "9", "B", "a-b", "a.b", "é" }) await Put(a, "d/" + name, OpenMode.CreateNew, 0);
        Assert.Equal(["10", "9", "B", "Zebra", "a", "a-b", "a.b", "b", "é"], await a.Disk.List("d"));
        Assert.Empty(await a.Disk.List("d/Zebra"));
        await Expect.Disk(DiskError.NotFound, a.Disk.List("nowhere"));
    });

    [Fact]
    public void Rename_replaces_a_file_of_the_new_name() => World.Run(async a =>
    {
        await Put(a, "old", OpenMode.CreateNew, 1);
        await Put(a, "new", OpenMode.CreateNew, 2);
        await a.Disk.Rename("old", "new");
        Assert.False(await a.Disk.Exists("old"));
        Assert.Equal([1], await a.Disk.ReadAllBytes("new"));
        await Expect.Disk(DiskError.NotFound, a.Disk.Rename("old", "other"));
    });

    [Fact]
    public void Rename_moves_a_directory_with_all_it_holds() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("x/inner");
        await Put(a, "x/inner/f", OpenMode.CreateNew, 3);
        await a.Disk.Rename("x", "y");
        Assert.False(await a.Disk.Exists("x"));
        Assert.Equal([3], await a.Disk.ReadAllBytes("y/inner/f"));
    });

    [Fact]
    public void A_renamed_file_stays_open() => World.Run(async a =>
    {
        var file = await a.Disk.Open("one", OpenMode.CreateNew);
        await a.Disk.Rename("one", "two");
        await file.Write(0, new byte[] { 4 });
        Assert.Equal([4], await a.Disk.ReadAllBytes("two"));
    });

    [Fact]
    public void Delete_takes_files_and_whole_trees_and_ignores_what_is_not_there() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("t/u/v");
        await Put(a, "t/u/v/f", OpenMode.CreateNew, 1);
        await Put(a, "t/g", OpenMode.CreateNew, 1);
        await a.Disk.Delete("t/g");
        Assert.False(await a.Disk.Exists("t/g"));
        await a.Disk.Delete("t");
        Assert.False(await a.Disk.Exists("t/u/v/f"));
        Assert.False(await a.Disk.Exists("t"));
        await a.Disk.Delete("t");
        await a.Disk.Delete("t/u/none");
    });

    [Fact]
    public void A_directory_can_be_synced_if_it_is_there() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("s");
        await Put(a, "s/f", OpenMode.CreateNew, 1);
        await a.Disk.SyncDirectory("s");
        await Expect.Disk(DiskError.NotFound, a.Disk.SyncDirectory("nowhere"));
    });

    [Fact]
    public void A_name_has_at_most_255_bytes() => World.Run(async a =>
    {
        var longest = new string('x', 255);
        await a.Disk.CreateDirectory(longest);
        await Put(a, $"{longest}/{longest}", OpenMode.CreateNew, 1);
        await Put(a, "f", OpenMode.CreateNew, 1);
        foreach (var name in new[] { longest + "x", new string('é', 128) })
        {
            var refused = await Expect.Disk(DiskError.NameTooLong, a.Disk.Rename("f", name));
            Assert.Contains("long", refused.Message, StringComparison.Ordinal);
            await Expect.Disk(DiskError.NameTooLong, a.Disk.Rename(longest, $"{longest}/{name}"));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.Open(name, OpenMode.OpenOrCreate));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.Open($"{name}/f", OpenMode.OpenExisting));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.CreateDirectory(name));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.List(name));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.SyncDirectory(name));
            await Expect.Disk(DiskError.NameTooLong, a.Disk.Delete(name));
            Assert.False(await a.Disk.Exists(name));
            await Expect.Disk(DiskError.NotFound, a.Disk.Rename("missing", name));
        }

        Assert.Equal([1], await a.Disk.ReadAllBytes("f"));
        await a.Disk.Rename("f", $"{new string('é', 127)}x");
    });

    [Fact]
    public void There_is_free_space() => World.Run(async a => Assert.True(await a.Disk.FreeBytes() > 0));

    [Fact]
    public void An_atomic_write_replaces_the_content_and_leaves_no_other_file() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("w");
        await a.Disk.WriteAtomically("w/f", Bytes.Pattern(100));
        await a.Disk.WriteAtomically("w/f", Bytes.Pattern(50));
        Assert.Equal(Bytes.Pattern(50), await a.Disk.ReadAllBytes("w/f"));
        Assert.Equal(["f"], await a.Disk.List("w"));
    });

    [Fact]
    public void Nodes_have_disks_of_their_own()
    {
        var written = new Handover<bool>();
        World.Run(
            async a =>
            {
                await Put(a, "mine", OpenMode.CreateNew, 1);
                written.Put(true);
            },
            async b =>
            {
                await written.Take(b);
                Assert.False(await b.Disk.Exists("mine"));
            });
    }

    private static async LoopTask Put(Node node, string path, OpenMode mode, byte content)
    {
        var file = await node.Disk.Open(path, mode);
        await file.Write(0, new[] { content });
        file.Close();
    }
}
