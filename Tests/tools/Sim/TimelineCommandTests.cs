using System.IO;
using Simulator.Engine.Replay;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim;

/// <summary>Commands that draw a run take a replay file as well as a seed.</summary>
public class TimelineCommandTests
{
    [Theory]
    [InlineData("timeline", "--out")]
    [InlineData("export", "--perfetto")]
    [InlineData("export", "--edn")]
    public void A_replay_file_is_drawn_as_its_seed_is(string command, string option)
    {
        using var folder = new TempDirectory();
        var toy = new ToyScenario(breaks: _ => true);
        Recorder.Record(toy, 7, "abc").Save(folder.File("toy.replay.json"));
        Assert.Equal(0, CommandLineResult.Of([toy], command, "toy", "7", option, folder.File("seed")).ExitCode);
        Assert.Equal(0, CommandLineResult.Of([toy], command, folder.File("toy.replay.json"), option, folder.File("file")).ExitCode);
        Assert.Equal(File.ReadAllText(folder.File("seed")), File.ReadAllText(folder.File("file")));
    }
}
