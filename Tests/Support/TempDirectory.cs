using System;
using System.IO;

namespace Tests.Support;

/// <summary>A fresh directory that is deleted, with what is in it, on disposal.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Makes the directory below the system's temporary folder.</summary>
    /// <param name="prefix">Begins its name, so that a leftover tells where it came from.</param>
    public TempDirectory(string prefix = "sim-test-") => Path = Directory.CreateTempSubdirectory(prefix).FullName;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of an entry of the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
    }
}
