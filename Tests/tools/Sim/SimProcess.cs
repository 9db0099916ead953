using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Tests.Support;

namespace Tests.tools.Sim;

/// <summary>The command line as a process of its own, as a user starts it.</summary>
internal static class SimProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>What <c>dotnet</c> runs.</summary>
    public static string Program => BuiltProgram.Of("Sim");

    /// <summary>Runs it to its end.</summary>
    public static Task<ProgramResult> Run(params string[] arguments) => RunIn(new Dictionary<string, string>(), arguments);

    /// <summary>Runs it to its end with variables of the environment set.</summary>
    public static async Task<ProgramResult> RunIn(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var running = ExternalProgram.Start("dotnet", [Program, .. arguments], environment);
        running.CloseInput();
        return new ProgramResult(await running.WaitForExit(s_limit), running.StandardOutput, running.StandardError);
    }
}
