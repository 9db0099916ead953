using System;
using System.IO;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Server;

/// <summary>Wrong usage and input: exit code 2 and one sentence on standard error that names the thing.</summary>
public sealed class WrongInputTests
{
    [Theory]
    [InlineData("'--prot'", "--prot", "9092")]
    [InlineData("--port cannot be 70000", "--port", "70000")]
    [InlineData("--node-id cannot be -5", "--node-id", "-5")]
    [InlineData("did you mean num.partitions?", "--set", "num.partition=3")]
    [InlineData("num.partitions", "--set", "num.partitions=many")]
    [InlineData("name=value is expected", "--set", "num.partitions")]
    [InlineData("/nowhere/server.properties", "--config", "/nowhere/server.properties")]
    [InlineData("zookeeper.connect", "--zookeeper", "host:port")]
    [InlineData("--log-level", "--log-level", "loud")]
    [InlineData("--port cannot be 70000", "coordination", "--port", "70000")]
    public async Task A_wrong_command_line_is_refused_by_name(string words, params string[] arguments)
    {
        using var data = new TempDirectory();
        Refused(await ServerProcess.Run([.. arguments, "--data", data.File("d")]), words);
        Assert.False(Directory.Exists(data.File("d")), "a refused command line leaves no trace");
    }

    [Fact]
    public async Task A_port_in_use_a_directory_of_another_broker_and_a_corrupt_checkpoint_are_refused_by_name()
    {
        using var data = new TempDirectory();
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("d"), "--node-id", "1"))
        {
            Refused(await ServerProcess.Run("--port", $"{server.Port}", "--data", data.File("e")), $"{server.Port}");
            Assert.Equal(0, await server.Stop());
        }

        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d"), "--node-id", "2"), "2");
        Directory.Move(Path.Combine(data.File("d"), "coordination"), data.File("kept"));
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d")), "cluster");
        Directory.Delete(Path.Combine(data.File("d"), "coordination"), recursive: true);
        Directory.Move(data.File("kept"), Path.Combine(data.File("d"), "coordination"));
        await File.WriteAllTextAsync(Path.Combine(data.File("d"), "logs", "recovery-point-offset-checkpoint"), "nonsense\n");
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d")), "recovery-point-offset-checkpoint");
    }

    [Fact]
    public async Task A_ZooKeeper_that_is_down_at_start_is_named()
    {
        using var data = new TempDirectory();
        var nobody = $"127.0.0.1:{FreePorts.One()}";
        var result = await ServerProcess.Run("--port", "0", "--data", data.File("d"), "--zookeeper", nobody, "--set", "zookeeper.connection.timeout.ms=1000");
        Refused(result, $"No coordination server of '{nobody}' took a session within 1 s");
    }

    private static void Refused(ProgramResult result, string words)
    {
        Assert.Contains(words, result.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.StandardError, StringComparison.Ordinal);
        Assert.Single(result.StandardError.TrimEnd('\n').Split('\n'));
        Assert.Equal((2, ""), (result.ExitCode, result.StandardOutput));
    }
}
