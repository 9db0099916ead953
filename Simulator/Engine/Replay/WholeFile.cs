using System;
using System.IO;
using System.Text;

namespace Simulator.Engine.Replay;

/// <summary>
/// Writes files whole or not at all: under another name first, flushed to the disk, then moved into place. Who is killed or runs out of
/// space on the way leaves what stood there before, and at most a file whose name ends in <see cref="Unfinished"/>, which nobody reads.
/// </summary>
public static class WholeFile
{
    /// <summary>How the names of files end that are not whole yet.</summary>
    public const string Unfinished = ".new";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text; see <see cref="Write(string, Action{TextWriter}, bool)"/>.</summary>
    /// <exception cref="IOException">It cannot be written, or there is such a file and it is not to be overwritten.</exception>
    public static void Write(string path, string text, bool overwrite = true) => Write(path, writer => writer.Write(text), overwrite);

    /// <summary>Writes a file in UTF-8. If <paramref name="write"/> throws, the file is as it was before.</summary>
    /// <param name="path">Where it shall stand. A link or an empty file is written in place: it may be a device or a pipe.</param>
    /// <param name="write">Writes its text.</param>
    /// <param name="overwrite">Whether it takes the place of one that stands there.</param>
    /// <exception cref="IOException">It cannot be written, or there is such a file and it is not to be overwritten.</exception>
    public static void Write(string path, Action<TextWriter> write, bool overwrite = true)
    {
        if (overwrite && MayBeDevice(new FileInfo(path)))
        {
            using var device = new StreamWriter(path, append: false, s_utf8);
            write(device);
            return;
        }

        var file = CreateBeside(path);
        try
        {
            using (file) WriteFlushed(file, write);
            File.Move(file.Name, path, overwrite);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    private static bool MayBeDevice(FileInfo file) => file.LinkTarget is not null || file is { Exists: true, Length: 0 };

    private static void WriteFlushed(FileStream file, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(file, s_utf8, leaveOpen: true);
        write(writer);
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    // Another process, perhaps of another machine, may be writing the same file, or may have died over it: each takes a name of its own.
    private static FileStream CreateBeside(string path)
    {
        for (var i = 0; ; i++)
        {
            var name = FormattableString.Invariant($"{path}{(i == 0 ? string.Empty : $".{i}")}{Unfinished}");
            try
            {
                return new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (File.Exists(name))
            {
                // Taken.
            }
        }
    }
}
