using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using tools.Sim.Commands;
using tools.Sim.Reports;

namespace tools.Sim.Campaigns;

/// <summary>
/// A folder of replay files of failing runs, which are run first the next time: what failed once shows at once whether it is mended.
/// They do without their seeds, so most of them outlive changes of the code; shrunk ones may be put there by hand.
/// </summary>
internal sealed class Corpus
{
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
        var entries = folder.GetFiles("*" + ReplayFile.Extension).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => Read(f, choice)).ToList();
        return new Corpus(folder, entries.Where(e => wanted.Contains(e.Scenario)).ToList());
    }

    /// <summary>Keeps a failing seed; one that is kept already stays as it is.</summary>
    public void Add(Scenario scenario, SeedResult failure, TextWriter error)
    {
        _folder.Create();
        FailureFile.WriteReplay(_folder, $"{failure.Scenario}-{failure.Seed}", scenario, failure, error);
    }

    private static CorpusEntry Read(FileInfo file, ScenarioChoice choice)
    {
        try
        {
            var replay = ReplayFile.Load(file.FullName);
            if (replay.Mutant is { } mutant) throw new UsageException($"{file.FullName} runs against the planted bug {mutant}, but a campaign runs the clean build.");
            return new CorpusEntry(choice.Find(replay.Scenario), replay, file.FullName);
        }
        catch (ReplayException e)
        {
            throw Broken(e.Message);
        }
        catch (UsageException e)
        {
            throw Broken(e.Message.StartsWith(file.FullName, StringComparison.Ordinal) ? e.Message : $"{file.FullName}: {e.Message}");
        }
    }

    /// <summary>What to say of an entry that cannot be run.</summary>
    public static UsageException Broken(string why) => new($"The corpus has a file that cannot be run; mend it or take it away. {why}");
}
