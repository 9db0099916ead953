using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Tests.Support;

/// <summary>Running the programs of others: outputs, ends, signals, and nothing left running.</summary>
public sealed class ExternalProgramTests
{
    [Fact]
    public async Task Input_outputs_and_exit_code_are_passed()
    {
        var result = await ExternalProgram.Run("sh", ["-c", "cat; echo problem >&2; exit 3"], input: "hello\n");

        Assert.Equal(new ProgramResult(3, "hello\n", "problem\n"), result);
        Assert.Contains("problem", Assert.Throws<ExternalProgramException>(result.Expect0).Message);
    }

    [Fact]
    public async Task A_program_that_runs_too_long_is_killed_with_its_children()
    {
        using var running = ExternalProgram.Start("sh", ["-c", "sleep 600 & echo up; wait"]);
        await running.WaitForLine(l => l == "up");

        var failure = await Assert.ThrowsAsync<ExternalProgramException>(() => running.WaitForExit(TimeSpan.FromMilliseconds(50)));

        Assert.Contains("did not end in time", failure.Message);
        // The child holds the output open for as long as it lives, and the wait goes on until the output ends.
        Assert.Equal(128 + 9, await running.WaitForExit());
    }

    [Fact]
    public async Task A_line_is_found_whether_it_is_past_or_to_come()
    {
        using var running = ExternalProgram.Start("sh", ["-c", "echo listening on 9; read line; echo got $line"]);
        await running.WaitForLine(l => l.StartsWith("listening", StringComparison.Ordinal));
        await running.Write("x\n");

        Assert.Equal("got x", await running.WaitForLine(l => l.StartsWith("got", StringComparison.Ordinal)));
        Assert.Equal("listening on 9", await running.WaitForLine(l => l.StartsWith("listening", StringComparison.Ordinal)));
        Assert.Equal(0, await running.WaitForExit());
    }

    [Fact]
    public async Task A_program_that_ends_without_the_awaited_line_shows_what_it_wrote()
    {
        using var running = ExternalProgram.Start("sh", ["-c", "echo port in use >&2; exit 2"]);

        var failure = await Assert.ThrowsAsync<ExternalProgramException>(() => running.WaitForLine(l => l == "ready"));

        Assert.Contains("ended with 2", failure.Message);
        Assert.Contains("port in use", failure.Message);
    }

    [Fact]
    public async Task Terminating_lets_a_program_stop_in_order_and_killing_does_not()
    {
        const string Script = "trap 'echo bye; exit 7' TERM; echo up; while :; do read x || :; done";
        using var stopped = ExternalProgram.Start("sh", ["-c", Script]);
        await stopped.WaitForLine(l => l == "up");
        stopped.Terminate();
        Assert.Equal(7, await stopped.WaitForExit());
        Assert.Contains("bye", stopped.StandardOutput);

        using var killed = ExternalProgram.Start("sh", ["-c", Script]);
        await killed.WaitForLine(l => l == "up");
        killed.KillAbruptly();
        Assert.Equal(128 + 9, await killed.WaitForExit());
        Assert.DoesNotContain("bye", killed.StandardOutput);
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        Assert.Null(ExternalProgram.Find("no-such-program"));
        Assert.Null(ExternalProgram.Find("/usr/bin/no-such-program"));
        var failure = await Assert.ThrowsAsync<ExternalProgramException>(() => ExternalProgram.Run("no-such-program", []));
        Assert.Equal("'no-such-program' is not installed", failure.Message);
    }

    [Fact]
    public void A_fact_is_skipped_only_where_its_program_is_missing()
    {
        Assert.Null(new RequiresProgramFactAttribute("sh").Skip);
        Assert.StartsWith("not installed: no-such-program;", new RequiresProgramFactAttribute("sh", "no-such-program").Skip);
    }

    [Fact]
    public void Free_ports_differ() => Assert.Equal(20, FreePorts.Several(20).Distinct().Count());

    [Fact]
    public void A_temporary_directory_goes_with_what_is_in_it()
    {
        string path;
        using (var folder = new TempDirectory())
        {
            path = folder.Path;
            File.WriteAllText(folder.File("a"), "b");
        }

        Assert.False(Directory.Exists(path));
    }
}
