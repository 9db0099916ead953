using System;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="IFile"/> promises.</summary>
public abstract class FileContract(IContractWorld world) : ContractTests(world)
{
    [Fact]
    public void What_was_written_is_read_back_at_once() => WithFile(async file =>
    {
        var content = Bytes.Pattern(100_000);
        await file.Write(0, content);
        Assert.Equal(content.Length, file.Length);
        Assert.Equal(content, await ReadAll(file));
    });

    [Fact]
    public void Reads_and_writes_are_positional() => WithFile(async file =>
    {
        await file.Write(0, new byte[] { 1, 2, 3, 4, 5, 6 });
        await file.Write(2, new byte[] { 30, 40 });
        var buffer = new byte[3];
        Assert.Equal(3, await file.ReadFully(1, buffer));
        Assert.Equal([2, 30, 40], buffer);
        Assert.Equal([1, 2, 30, 40, 5, 6], await ReadAll(file));
    });

    [Fact]
    public void A_write_beyond_the_end_fills_the_gap_with_zeros() => WithFile(async file =>
    {
        await file.Write(0, new byte[] { 1 });
        await file.Write(9000, new byte[] { 2 });
        Assert.Equal(9001, file.Length);
        var all = await ReadAll(file);
        Assert.Equal(1, all[0]);
        Assert.Equal(2, all[9000]);
        Assert.All(all[1..9000], b => Assert.Equal(0, b));
    });

    [Fact]
    public void A_read_across_the_end_is_short_and_one_at_or_beyond_it_gives_zero() => WithFile(async file =>
    {
        await file.Write(0, new byte[10]);
        Assert.Equal(4, await file.ReadFully(6, new byte[100]));
        Assert.Equal(0, await file.Read(10, new byte[5]));
        Assert.Equal(0, await file.Read(5000, new byte[5]));
    });

    [Fact]
    public void A_read_inside_the_file_gives_at_least_one_byte() => WithFile(async file =>
    {
        await file.Write(0, Bytes.Pattern(4096));
        for (var position = 0; position < 4096; position += 64)
        {
            Assert.InRange(await file.Read(position, new byte[64]), 1, 64);
        }
    });

    [Fact]
    public void Set_length_cuts_and_extends_with_zeros() => WithFile(async file =>
    {
        await file.Write(0, new byte[] { 1, 2, 3, 4 });
        await file.SetLength(2);
        Assert.Equal(2, file.Length);
        await file.SetLength(5);
        Assert.Equal([1, 2, 0, 0, 0], await ReadAll(file));
    });

    [Fact]
    public void Sync_keeps_content_and_length() => WithFile(async file =>
    {
        await file.Write(0, Bytes.Pattern(5000));
        await file.Sync();
        Assert.Equal(Bytes.Pattern(5000), await ReadAll(file));
    });

    [Fact]
    public void A_closed_handle_refuses_everything() => WithFile(async file =>
    {
        await file.Write(0, new byte[10]);
        file.Close();
        file.Close(); // nothing happens
        await Expect.Disk(DiskError.Closed, file.Read(0, new byte[1]));
        await Expect.Disk(DiskError.Closed, file.Write(0, new byte[1]));
        await Expect.Disk(DiskError.Closed, file.SetLength(1));
        await Expect.Disk(DiskError.Closed, file.Sync());
    });

    [Fact]
    public void Two_handles_see_the_same_bytes() => World.Run(async a =>
    {
        var one = await a.Disk.Open("shared", OpenMode.CreateNew);
        var two = await a.Disk.Open("shared", OpenMode.OpenExisting);
        await one.Write(0, new byte[] { 5, 6, 7 });
        Assert.Equal(3, two.Length);
        Assert.Equal([5, 6, 7], await ReadAll(two));
        one.Close();
        Assert.Equal([5, 6, 7], await ReadAll(two));
    });

    [Fact]
    public void A_deleted_file_lives_on_in_its_handle() => World.Run(async a =>
    {
        var file = await a.Disk.Open("ghost", OpenMode.CreateNew);
        await file.Write(0, new byte[] { 1, 2 });
        await a.Disk.Delete("ghost");
        Assert.False(await a.Disk.Exists("ghost"));
        Assert.Equal([1, 2], await ReadAll(file));
        await file.Write(2, new byte[] { 3 });
        Assert.Equal([1, 2, 3], await ReadAll(file));
    });

    [Fact]
    public void A_file_keeps_the_path_it_was_opened_by() => World.Run(async a =>
    {
        await a.Disk.CreateDirectory("d");
        Assert.Equal("d/f", (await a.Disk.Open("d/f", OpenMode.CreateNew)).Path);
    });

    private void WithFile(Func<IFile, LoopTask> test) =>
        World.Run(async a => await test(await a.Disk.Open("file", OpenMode.CreateNew)));

    private static async LoopTask<byte[]> ReadAll(IFile file)
    {
        var buffer = new byte[file.Length];
        Assert.Equal(buffer.Length, await file.ReadFully(0, buffer));
        return buffer;
    }
}
