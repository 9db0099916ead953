using System.IO;

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
        catch (System.Exception e) when (e is IOException or System.UnauthorizedAccessException)
        {
            throw new UsageException($"The report {file.FullName} cannot be written: {e.Message}");
        }
    }
}
