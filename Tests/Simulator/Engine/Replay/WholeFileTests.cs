using System;
using System.IO;
using System.Linq;
using Simulator.Engine.Replay;
using Tests.Support;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Replay;

/// <summary>Files are written whole or not at all: nobody ever sees half of one under its name.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("what stood there")]
    [InlineData(null)]
    public void Whoever_fails_in_the_middle_leaves_what_stood_there_and_nothing_else(string? before)
    {
        if (before is not null) File.WriteAllText(_folder.File("a"), before);
        Assert.Throws<IOException>(() => WholeFile.Write(_folder.File("a"), writer =>
        {
            writer.Write(new string('x', 100_000));
            throw new IOException("no space left");
        }));
        Assert.Equal(before is null ? [] : new[] { before }, Directory.GetFiles(_folder.Path).Select(File.ReadAllText));
    }

    [Fact]
    public void A_replay_file_takes_the_place_of_another_in_one_step()
    {
        var path = _folder.File("a.replay.json");
        File.WriteAllText(path, "what stood there");
        using var reader = File.OpenText(path); // sees the file that it has opened, whatever takes its place
        Recorder.Record(new ToyScenario(), 7, "abc").Save(path, overwrite: true);
        Assert.Equal("what stood there", reader.ReadToEnd());
        Assert.Equal(7UL, ReplayFile.Load(path).Seed);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void What_others_have_not_finished_is_left_to_them()
    {
        File.WriteAllText(_folder.File("a.new"), "half");
        File.WriteAllText(_folder.File("a.1.new"), "hal");
        WholeFile.Write(_folder.File("a"), "whole");
        Assert.Equal(["hal", "half", "whole"], Directory.GetFiles(_folder.Path).Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_is_kept_where_it_is_not_to_be_overwritten()
    {
        File.WriteAllText(_folder.File("a"), "precious");
        Assert.Throws<IOException>(() => WholeFile.Write(_folder.File("a"), "cheap", overwrite: false));
        Assert.Equal(["precious"], Directory.GetFiles(_folder.Path).Select(File.ReadAllText));
    }

    [Fact]
    public void A_link_stays_one()
    {
        File.WriteAllText(_folder.File("a"), "old");
        File.CreateSymbolicLink(_folder.File("b"), _folder.File("a"));
        WholeFile.Write(_folder.File("b"), "new");
        Assert.Equal(("new", _folder.File("a")), (File.ReadAllText(_folder.File("a")), new FileInfo(_folder.File("b")).LinkTarget));
    }
}
