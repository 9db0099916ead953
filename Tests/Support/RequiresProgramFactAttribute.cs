using System;
using System.Linq;
using Xunit;
using Xunit.Sdk;

namespace Tests.Support;

/// <summary>
/// A fact that needs programs of others; it is skipped, with their names, only where one is missing, or where it ends with
/// <see cref="CannotRunHereException"/>.
/// </summary>
[XunitTestCaseDiscoverer("Tests.Support.SkippableFactDiscoverer", "Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresProgramFactAttribute : FactAttribute
{
    /// <summary>Needs each of the programs, given as names on PATH or as absolute paths.</summary>
    public RequiresProgramFactAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = Reason(programs);
    }

    /// <summary>What the test needs.</summary>
    public string[] Programs { get; }

    /// <summary>Why a test that needs the programs cannot run here; null if it can.</summary>
    internal static string? Reason(params string[] programs)
    {
        var missing = programs.Where(p => ExternalProgram.Find(p) is null).ToList();
        return missing.Count == 0 ? null : $"not installed: {string.Join(", ", missing)}; .ci/run installs what the tests need";
    }
}
