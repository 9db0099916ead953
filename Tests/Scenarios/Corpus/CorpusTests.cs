using System.IO;
using System.Linq;
using Scenarios;
using Simulator.Engine.Replay;
using Tests.Support;
using Xunit;

namespace Tests.Scenarios.Corpus;

/// <summary>Bugs that seeds found in the clean build, shrunk; the file's name says what was wrong. They are mended and must stay so.</summary>
public class CorpusTests
{
    private const string Folder = "Tests/Scenarios/Corpus";

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryTree.PathOf(Folder), "*" + ReplayFile.Extension).Select(f => Path.GetFileName(f)).Order(System.StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bug_that_was_mended_does_not_come_back(string name)
    {
        var file = ReplayFile.Load(RepositoryTree.PathOf($"{Folder}/{name}"));
        var failure = file.Run(Catalogue.All.Single(s => s.Name == file.Scenario)).Failure;
        Assert.True(failure is null, $"{failure?.Property}: {failure?.Message}\nreplay: dotnet run --project tools/Sim -c Release -- replay {Folder}/{name}");
    }
}
