using System;

namespace Simulator.Platform;

/// <summary>Whole reads over the short reads that a disk may give.</summary>
public static class DiskExtensions
{
    /// <summary>Reads until the buffer is full or the file ends; gives the number of bytes read.</summary>
    public static async LoopTask<int> ReadFully(this IFile file, long position, Memory<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = await file.Read(position + total, buffer[total..]);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    /// <summary>The whole content of a small file.</summary>
    /// <exception cref="DiskException">NotFound, Io.</exception>
    public static async LoopTask<byte[]> ReadAllBytes(this IDisk disk, string path)
    {
        var file = await disk.Open(path, OpenMode.OpenExisting);
        var buffer = new byte[file.Length];
        var read = await file.ReadFully(0, buffer);
        file.Close();
        return read == buffer.Length ? buffer : buffer[..read];
    }

    /// <summary>
    /// Replaces a small file whole or not at all, durably: writes <c>path.tmp</c>, syncs it, renames it over
    /// <paramref name="path"/> and syncs the directory.
    /// </summary>
    public static async LoopTask WriteAtomically(this IDisk disk, string path, ReadOnlyMemory<byte> content)
    {
        var temporary = path + ".tmp";
        var file = await disk.Open(temporary, OpenMode.OpenOrCreate);
        await file.SetLength(0);
        await file.Write(0, content);
        await file.Sync();
        file.Close();
        await disk.Rename(temporary, path);
        await disk.SyncDirectory(ParentOf(path));
    }

    /// <summary>The directory of a path; "." for a bare name.</summary>
    public static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash switch { < 0 => ".", 0 => "/", _ => path[..slash] };
    }
}
