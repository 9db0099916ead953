using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Tests.Support;

namespace Tests.tools.Server;

/// <summary>The server as a process of its own, as a user starts it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Listening = "listening on ";

    private ServerProcess(RunningProgram program, string endpoint)
    {
        Program = program;
        Endpoint = endpoint;
    }

    /// <summary>The process.</summary>
    public RunningProgram Program { get; }

    /// <summary>HOST:PORT that it printed.</summary>
    public string Endpoint { get; }

    public int Port => int.Parse(Endpoint[(Endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<ServerProcess> Start(params string[] arguments)
    {
        var program = ExternalProgram.Start("dotnet", CommandLine(arguments));
        try
        {
            var line = await program.WaitForLine(l => l.StartsWith(Listening, StringComparison.Ordinal));
            return new ServerProcess(program, line[Listening.Length..]);
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Runs it to its end: for wrong input.</summary>
    public static Task<ProgramResult> Run(params string[] arguments) => ExternalProgram.Run("dotnet", CommandLine(arguments));

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> Stop()
    {
        Program.Terminate();
        return await Program.WaitForExit();
    }

    /// <summary>SIGKILL, and waits for its end.</summary>
    public async Task Kill()
    {
        Program.KillAbruptly();
        await Program.WaitForExit();
    }

    public void Dispose() => Program.Dispose();

    private static List<string> CommandLine(string[] arguments) =>
        [Path.Combine(RepositoryTree.Root, "tools", "Server", "bin", Configuration, "net10.0", "tools.Server.dll"), .. arguments];

    /// <summary>Tests and server are built alike.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
