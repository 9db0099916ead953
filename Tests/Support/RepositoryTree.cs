using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Tests.Support;

/// <summary>The checked-out repository that the tests were built from: its root and its own files.</summary>
public static class RepositoryTree
{
    private static readonly string[] Foreign = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "out", ".git", ".vs", ".idea", "node_modules"];

    /// <summary>The folder that holds Sim.sln, found upwards from the test assembly.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside a checkout.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files below the root that are not build output, relative, with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files()
    {
        var found = new List<string>();
        Walk(Root, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>The absolute path of a file of the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>The text of a file of the repository.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static void Walk(string directory, List<string> found)
    {
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            // In a worktree .git is a file.
            if (!file.Contains(".received.", StringComparison.Ordinal) && !Foreign.Contains(Path.GetFileName(file)))
                found.Add(Path.GetRelativePath(Root, file).Replace('\\', '/'));
        }

        foreach (var child in Directory.EnumerateDirectories(directory))
        {
            if (!Foreign.Contains(Path.GetFileName(child)))
                Walk(child, found);
        }
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Sim.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"no Sim.sln above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
