using System.Collections.Generic;

namespace tools.Sim.Stepping;

/// <summary>
/// What the runtime must be told so that a process of .NET can be copied by fork(2), which takes only the calling thread along: the
/// copy's code and heap must be its own, and no other thread may be needed, or hold a lock, at that moment.
/// </summary>
internal static class ForkableRuntime
{
    /// <summary>The variables of the environment, to be set before the process starts.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_EnableWriteXorExecute"] = "0", // else compiled code lies in memory shared between original and copies, and each overwrites the other's
        ["DOTNET_TieredCompilation"] = "0", // else a thread compiles in the background, and copies wait for ever for the locks it held
        ["DOTNET_ReadyToRun"] = "0", // without tiers code that was compiled ahead would stay as slow as it is: half as fast; this costs three seconds
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_gcServer"] = "0", // collections happen on the thread that allocates
        ["DOTNET_EnableDiagnostics"] = "0", // no threads that listen for debuggers
    };
}
