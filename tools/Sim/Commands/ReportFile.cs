using System;
using System.IO;
using Simulator.Engine.Replay;

namespace tools.Sim.Commands;

/// <summary>A file that a report goes to. Whether it can be written is found out before the work, not after it.</summary>
internal static class ReportFile
{
    /// <summary>Makes sure that the file can be written; what stands in it stays for now.</summary>
    /// <exception cref="UsageException">Its folder does not exist, or it cannot be opened for writing.</exception>
    public static void EnsureWritable(FileInfo? file)
    {
        if (file is null) return;
        if (file.Directory is { Exists: false } folder) throw new UsageException($"The folder {folder.FullName} of the report does not exist: make it, or name another file.");
        try
        {
            var isNew = !file.Exists;
            using (new FileStream(file.FullName, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }

            if (isNew) file.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The report {file.FullName} cannot be written: {e.Message}");
        }
    }

    /// <summary>Writes the report, whole or not at all where its folder allows that, and in place where only the file may be written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(FileInfo file, string text)
    {
        try
        {
            WholeFile.Write(file.FullName, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.WriteAllText(file.FullName, text);
        }
    }
}
