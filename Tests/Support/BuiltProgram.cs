using System;
using System.IO;

namespace Tests.Support;

/// <summary>The programs of the repository, as they were built together with the tests.</summary>
internal static class BuiltProgram
{
    /// <summary>What <c>dotnet</c> runs.</summary>
    /// <param name="tool">The name of its folder below <c>tools</c>.</param>
    public static string Of(string tool) => Path.Combine(RepositoryTree.Root, "tools", tool, "bin", Configuration, "net10.0", $"tools.{tool}.dll");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
