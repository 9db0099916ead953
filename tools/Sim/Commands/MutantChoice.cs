using System.Collections.Generic;
using System.Linq;
using Scenarios.Zoo;

namespace tools.Sim.Commands;

/// <summary>Finds planted bugs by the numbers given on the command line.</summary>
/// <param name="zoo">All planted bugs.</param>
internal sealed class MutantChoice(IReadOnlyList<Mutant> zoo)
{
    /// <summary>The planted bug of that number.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public Mutant Find(int id) => zoo.FirstOrDefault(m => m.Id == id)
        ?? throw new UsageException($"There is no planted bug {id}; there are: {string.Join(", ", zoo.Select(m => m.Id))}.");

    /// <summary>The planted bugs of those numbers, each once, or all if none is named.</summary>
    public IReadOnlyList<Mutant> FindAll(IReadOnlyCollection<int> ids) => ids.Count == 0 ? zoo : ids.Distinct().Select(Find).ToList();
}
