using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Commands;

/// <summary>Finds scenarios by the names given on the command line.</summary>
/// <param name="catalogue">All scenarios; the first is the default.</param>
/// <param name="isKnownToOtherProcesses">Whether another process of this program finds the same scenarios.</param>
internal sealed class ScenarioChoice(IReadOnlyList<Scenario> catalogue, bool isKnownToOtherProcesses = false)
{
    /// <summary>Whether another process of this program, started with the same environment, finds the same scenarios.</summary>
    public bool IsKnownToOtherProcesses => isKnownToOtherProcesses;

    /// <summary>All scenarios.</summary>
    public IReadOnlyList<Scenario> All => catalogue;

    /// <summary>What runs where none is named.</summary>
    public Scenario Default => catalogue[0];

    /// <summary>The scenario of that name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public Scenario Find(string name) =>
        catalogue.FirstOrDefault(s => s.Name == name)
        ?? throw new UsageException(name.StartsWith('-')
            ? $"There is no option '{name}'; see 'sim run --help'."
            : $"There is no scenario '{name}'; the scenarios are: {string.Join(", ", catalogue.Select(s => s.Name))}.");

    /// <summary>The scenarios of those names, or the default one if none is named.</summary>
    public IReadOnlyList<Scenario> FindAll(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? [Default] : names.Select(Find).ToList();
}
