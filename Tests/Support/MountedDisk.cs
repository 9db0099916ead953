using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace Tests.Support;

/// <summary>A small file system of one's own, so that it can be filled up or made read-only. Only root may mount one; disposing unmounts it.</summary>
internal sealed class MountedDisk : IAsyncDisposable
{
    private readonly TempDirectory _folder = new("sim-disk-");

    private MountedDisk() => Path = Directory.CreateDirectory(_folder.File("mounted")).FullName;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one in memory.</summary>
    /// <exception cref="CannotRunHereException">This machine does not allow it.</exception>
    public static Task<MountedDisk> Tmpfs(int megabytes) =>
        Mounted(static (disk, size) => disk.Do("mount", "-t", "tmpfs", "-o", $"size={size}m", "sim-test", disk.Path), megabytes);

    /// <summary>Mounts an ext4 in a file; it becomes read-only at an error, as most machines have it.</summary>
    /// <exception cref="CannotRunHereException">This machine does not allow it.</exception>
    public static Task<MountedDisk> Ext4(int megabytes) => Mounted(
        static async (disk, size) =>
        {
            var image = disk._folder.File("image");
            await using (var file = File.Create(image)) file.SetLength(size * 1_000_000L);
            await disk.Do("mkfs.ext4", "-q", "-F", image);
            await disk.Do("mount", "-o", "loop,errors=remount-ro", image, disk.Path);
        },
        megabytes);

    /// <summary>Changes an option of the mount: <c>size=…</c>, <c>ro</c>, <c>rw</c>, or <c>abort</c>, which is an error of the ext4 itself.</summary>
    public Task Remount(string option) => Do("mount", "-o", $"remount,{option}", Path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Lazily where somebody still holds a file of it; not mounted at all is no matter.
        if ((await ExternalProgram.Run("umount", [Path])).ExitCode != 0) await ExternalProgram.Run("umount", ["--lazy", Path]);
        _folder.Dispose();
    }

    private static async Task<MountedDisk> Mounted(Func<MountedDisk, int, Task> mount, int megabytes)
    {
        var disk = new MountedDisk();
        try
        {
            await mount(disk, megabytes);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    private async Task Do(string program, params string[] arguments)
    {
        var result = await ExternalProgram.Run(program, arguments);
        if (result.ExitCode != 0)
            throw new CannotRunHereException(string.Create(CultureInfo.InvariantCulture, $"'{program} {string.Join(' ', arguments)}' ends with {result.ExitCode} here: {result.StandardError.Trim()}"));
    }
}
