using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using tools.Sim.Commands;

namespace tools.Sim.Campaigns;

/// <summary>A failing run that was kept.</summary>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record CorpusEntry(Scenario Scenario, ulong Seed);

/// <summary>
/// A folder of failing runs, which are run first the next time: what failed once shows at once whether it is mended. An entry is a
/// file <c>SCENARIO-SEED.seed</c> with the line "SCENARIO SEED".
/// </summary>
internal sealed class Corpus
{
    private const string Extension = ".seed";
    private readonly DirectoryInfo _folder;

    private Corpus(DirectoryInfo folder, IReadOnlyList<CorpusEntry> entries)
    {
        _folder = folder;
        Entries = entries;
    }

    /// <summary>In ordinal order of the files' names.</summary>
    public IReadOnlyList<CorpusEntry> Entries { get; }

    /// <summary>Reads the entries of the scenarios that are to run; a folder that does not exist yet is empty.</summary>
    /// <exception cref="UsageException">A file is broken.</exception>
    public static Corpus Open(DirectoryInfo folder, ScenarioChoice choice, IReadOnlyList<Scenario> wanted)
    {
        if (!folder.Exists) return new Corpus(folder, []);
        var entries = folder.GetFiles("*" + Extension).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => Read(f, choice)).ToList();
        return new Corpus(folder, entries.Where(e => wanted.Contains(e.Scenario)).ToList());
    }

    /// <summary>Keeps a failing seed; one that is kept already stays as it is.</summary>
    public void Add(SeedResult failure)
    {
        _folder.Create();
        var file = Path.Combine(_folder.FullName, $"{failure.Scenario}-{failure.Seed}{Extension}");
        if (!File.Exists(file)) File.WriteAllText(file, $"{failure.Scenario} {failure.Seed}\n");
    }

    private static CorpusEntry Read(FileInfo file, ScenarioChoice choice)
    {
        if (File.ReadAllText(file.FullName).TrimEnd('\n').Split(' ') is not [var name, var seed]) throw Broken(file, "it does not read 'SCENARIO SEED'");
        try
        {
            return new CorpusEntry(choice.Find(name), SeedSelection.ParseOne(seed));
        }
        catch (UsageException e)
        {
            throw Broken(file, char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.'));
        }
    }

    private static UsageException Broken(FileInfo file, string why) => new($"The file {file.FullName} of the corpus is broken: {why}; mend it or take it away.");
}
