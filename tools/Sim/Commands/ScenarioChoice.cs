using System.Collections.Generic;
using System.Linq;
using Scenarios;
using Simulator.Engine.Exploration;

namespace tools.Sim.Commands;

/// <summary>Finds scenarios by the names given on the command line.</summary>
internal static class ScenarioChoice
{
    /// <summary>The scenario of that name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Scenario Find(string name) =>
        Catalogue.All.FirstOrDefault(s => s.Name == name)
        ?? throw new UsageException(name.StartsWith('-')
            ? $"There is no option '{name}'; see 'sim run --help'."
            : $"There is no scenario '{name}'; the scenarios are: {string.Join(", ", Catalogue.All.Select(s => s.Name))}.");

    /// <summary>The scenarios of those names, or the default one if none is named.</summary>
    public static IReadOnlyList<Scenario> FindAll(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? [Catalogue.Default] : names.Select(Find).ToList();
}
