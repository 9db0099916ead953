using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Simulator.Engine;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>Which code gave a result. Results of different code do not mix.</summary>
/// <param name="Commit">The commit of the build, or "unknown" where it was built outside a repository.</param>
/// <param name="Binaries">Over the identities of all assemblies that take part: changes with any change of the code, committed or not, and with the folder and SDK of the build.</param>
/// <param name="IsOfCommit">Whether the commit alone says what the code is: the tree was as its commit has it, and no assembly is of another repository.</param>
internal sealed record BuildIdentity(string Commit, string Binaries, bool IsOfCommit)
{
    private static readonly IReadOnlyList<string> s_ours = ["Simulator.", "Reference.", "Scenarios", "tools."];

    /// <summary>Of the code that runs here.</summary>
    public static BuildIdentity Of(IEnumerable<Scenario> scenarios)
    {
        var assemblies = new SortedDictionary<string, Assembly>(StringComparer.Ordinal);
        Collect(typeof(BuildIdentity).Assembly, assemblies);
        foreach (var scenario in scenarios) Collect(scenario.Code, assemblies);
        var hash = default(RunHash);
        foreach (var (name, assembly) in assemblies)
        {
            hash.Add(name);
            hash.Add(assembly.ManifestModule.ModuleVersionId.ToByteArray());
        }

        var isOfCommit = BuildInfo.IsOfCleanTree && assemblies.Values.All(a => BuildInfo.CommitOf(a) == BuildInfo.Commit);
        return new BuildIdentity(BuildInfo.Commit, hash.Value.ToString("x16", CultureInfo.InvariantCulture), isOfCommit);
    }

    private static void Collect(Assembly assembly, SortedDictionary<string, Assembly> into)
    {
        if (!into.TryAdd(assembly.GetName().Name!, assembly)) return;
        foreach (var name in assembly.GetReferencedAssemblies().Where(n => s_ours.Any(o => n.Name!.StartsWith(o, StringComparison.Ordinal)))) Collect(Load(name, assembly), into);
    }

    // What a user's assembly references stands beside it.
    private static Assembly Load(AssemblyName name, Assembly referencing)
    {
        var beside = Path.Combine(Path.GetDirectoryName(referencing.Location) ?? string.Empty, name.Name + ".dll");
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException) when (File.Exists(beside))
        {
            return Assembly.LoadFrom(beside);
        }
    }
}
