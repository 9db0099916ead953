using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Host;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Simulator.Host;

/// <summary>What a real disk refuses comes as an error of its kind, in a sentence that names the file and the remedy.</summary>
public sealed class HostDiskFailureTests
{
    [RequiresProgramFact("/dev/full")]
    public async Task A_write_to_a_full_disk_is_an_error_with_its_remedy()
    {
        var error = await Refused("/tmp", static async node =>
        {
            var file = await node.Disk.Open("/dev/full", OpenMode.OpenExisting);
            await file.Write(0, new byte[10]);
        });
        Assert.Equal((DiskError.NoSpace, "The disk of /dev/full is full: free some space."), (error.Error, error.Message));
    }

    [RequiresProgramFact("/dev/null")]
    public async Task A_sync_that_the_system_refuses_is_an_error()
    {
        // fsync of what cannot be synced says EINVAL, which .NET's own call keeps to itself, as it does EROFS.
        var error = await Refused("/tmp", static async node =>
        {
            var file = await node.Disk.Open("/dev/null", OpenMode.OpenExisting);
            await file.Write(0, new byte[10]);
            await file.Sync();
        });
        Assert.Equal((DiskError.Io, "Could not sync /dev/null: the system answered with error 22."), (error.Error, error.Message));
    }

    [RequiresProgramFact("mount", "umount", "mkfs.ext4")]
    public async Task A_sync_after_an_error_has_made_the_file_system_read_only_is_an_error()
    {
        await using var disk = await MountedDisk.Ext4(16);
        var node = new HostNode("n", disk.Path, NullLoggerFactory.Instance);
        try
        {
            var file = await node.InvokeAsync(async n =>
            {
                var opened = await n.Disk.Open("a", OpenMode.OpenOrCreate);
                await opened.Write(0, new byte[100_000]);
                return opened;
            });
            await disk.Remount("abort");
            var error = await Assert.ThrowsAsync<DiskException>(() => node.RunAsync(_ => file.Sync()));
            Assert.Equal(DiskError.AccessDenied, error.Error);
            Assert.Contains("The file system of a is read-only: mount it writable", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await node.StopAsync();
        }
    }

    private static async Task<DiskException> Refused(string root, Func<Node, LoopTask> work)
    {
        var node = new HostNode("n", root, NullLoggerFactory.Instance);
        try
        {
            return await Assert.ThrowsAsync<DiskException>(() => node.RunAsync(work));
        }
        finally
        {
            await node.StopAsync();
        }
    }
}
