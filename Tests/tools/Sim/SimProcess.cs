using System;
using System.IO;
using System.Threading.Tasks;
using Tests.Support;

namespace Tests.tools.Sim;

/// <summary>The command line as a process of its own, as a user starts it.</summary>
internal static class SimProcess
{
    /// <summary>Runs it to its end.</summary>
    public static Task<ProgramResult> Run(params string[] arguments) =>
        ExternalProgram.Run("dotnet", [Path.Combine(RepositoryTree.Root, "tools", "Sim", "bin", Configuration, "net10.0", "tools.Sim.dll"), .. arguments], timeout: TimeSpan.FromMinutes(3));

    /// <summary>Tests and tool are built alike.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
