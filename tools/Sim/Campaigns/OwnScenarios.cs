using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>Scenarios of a user's own: the public ones with a constructor without parameters in the assemblies that <c>SIM_SCENARIOS</c> names, separated by ':'.</summary>
internal static class OwnScenarios
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "SIM_SCENARIOS";

    /// <summary>Finds them, in ordinal order of their types' names.</summary>
    /// <exception cref="UsageException">A file is missing, is no assembly or holds no scenario.</exception>
    public static IReadOnlyList<Scenario> Load(string? files) =>
        (files ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).SelectMany(LoadFile).ToList();

    private static List<Scenario> LoadFile(string file)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}, which {Variable} names: build it, or correct the variable.");
        try
        {
            var types = Assembly.LoadFrom(Path.GetFullPath(file)).GetExportedTypes()
                .Where(t => t.IsSubclassOf(typeof(Scenario)) && !t.IsAbstract && t.GetConstructor(Type.EmptyTypes) is not null)
                .OrderBy(t => t.FullName, StringComparer.Ordinal);
            var scenarios = types.Select(t => (Scenario)Activator.CreateInstance(t)!).ToList();
            return scenarios.Count > 0
                ? scenarios
                : throw new UsageException($"The file {file}, which {Variable} names, holds no public scenario that can be made without parameters.");
        }
        catch (BadImageFormatException)
        {
            throw new UsageException($"The file {file}, which {Variable} names, is no assembly.");
        }
    }
}
