using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace tools.RealCluster.Processes;

/// <summary>Where the programs are that a run needs, and short ones run to their end.</summary>
public static class Programs
{
    /// <summary>ZooKeeper as Debian packages it.</summary>
    public const string ZooKeeperJar = "/usr/share/java/zookeeper.jar";

    /// <summary>Whether a program of that name is on PATH, or a file of that path exists.</summary>
    public static bool Exists(string program) => program.Contains('/')
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(f => File.Exists(Path.Combine(f, program)));

    /// <summary>Refuses to go on where one is missing.</summary>
    /// <exception cref="CannotRunHereException">The names of those that are not there.</exception>
    public static void Require(params string[] programs)
    {
        var missing = programs.Where(p => !Exists(p)).ToList();
        if (missing.Count > 0) throw new CannotRunHereException($"Not installed: {string.Join(", ", missing)}; .ci/run installs what the tests need.");
    }

    /// <summary>The broker's program, built like this one.</summary>
    /// <exception cref="CannotRunHereException">It has not been built.</exception>
    public static string FindServer()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Sim.sln"))) continue;
            var server = Path.Combine(folder.FullName, "tools", "Server", "bin", configuration, "net10.0", "tools.Server.dll");
            return File.Exists(server) ? server : throw new CannotRunHereException($"The broker is not built: dotnet build tools/Server -c {configuration}.");
        }

        throw new CannotRunHereException($"Above {AppContext.BaseDirectory} there is no Sim.sln, so the broker's program cannot be found.");
    }

    /// <summary>Runs a program to its end and gives its output, and whether it exited with 0.</summary>
    public static async Task<(bool Succeeded, string Output)> Run(IReadOnlyList<string> command)
    {
        using var program = new ChildProcess(command);
        await program.WriteAll([]);
        await program.Ended;
        return (program.ExitCode == 0, program.Output);
    }
}
