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

    [Fact]
    public async Task A_directory_that_another_process_uses_is_refused_by_name_until_that_one_is_killed()
    {
        using var data = new TempDirectory();
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("d")))
        {
            Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d")), $"{data.File("d")}/coordination/store is in use by another coordination store");
            Refused(await ServerProcess.Run("--port", "0", "--data", data.File("e"), "--set", $"log.dirs={data.File("d")}/logs"), "belongs to cluster");
            await server.Kill();
        }

        using var store = await ServerProcess.Start("coordination", "--port", "0", "--data", data.File("store"));
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("f"), "--node-id", "1", "--zookeeper", store.Endpoint))
        {
            Refused(
                await ServerProcess.Run("--port", "0", "--data", data.File("f"), "--node-id", "1", "--zookeeper", store.Endpoint),
                $"The log directory {data.File("f")}/logs is in use by another broker");
            await server.Kill();
        }

        using var again = await ServerProcess.Start("--port", "0", "--data", data.File("d"));
        Assert.Equal(0, await again.Stop());
    }

    [Fact]
    public async Task Files_in_the_place_of_directories_and_damaged_files_are_refused_by_name()
    {
        using var data = new TempDirectory();
        Directory.CreateDirectory(data.File("a"));
        await File.WriteAllTextAsync(Path.Combine(data.File("a"), "logs"), "foreign");
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("a")), $"{data.File("a")}/logs is a file");
        using (var server = await ServerProcess.Start("--port", "0", "--data", data.File("d"))) Assert.Equal(0, await server.Stop());
        var meta = Path.Combine(data.File("d"), "logs", "meta.properties");
        var kept = await File.ReadAllTextAsync(meta);
        await File.WriteAllTextAsync(meta, "nonsense\n");
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d")), $"{meta}, line 1: 'nonsense'");
        await File.WriteAllTextAsync(meta, kept);
        Directory.CreateDirectory(Path.Combine(data.File("d"), "logs", "orders-0"));
        await File.WriteAllTextAsync(Path.Combine(data.File("d"), "logs", "orders-0", "00000000000000000000.log"), "these are no record batches, but long enough to be mistaken for some");
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("d")), "00000000000000000000.log is damaged at byte 0");
    }

    [Fact]
    public async Task Two_brokers_of_one_id_and_a_store_that_nobody_serves_are_refused_by_name()
    {
        using var data = new TempDirectory();
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("a"), "--zookeeper", "127.0.0.1:1", "--set", "zookeeper.session.timeout.ms=1000"), "127.0.0.1:1");
        using var store = await ServerProcess.Start("coordination", "--port", "0", "--data", data.File("store"));
        using var server = await ServerProcess.Start("--port", "0", "--data", data.File("b"), "--node-id", "1", "--zookeeper", store.Endpoint);
        Refused(await ServerProcess.Run("--port", "0", "--data", data.File("c"), "--node-id", "1", "--zookeeper", store.Endpoint), "Broker id 1 is registered already");
        await server.Kill();
        await store.Kill();
    }

    private static void Refused(ProgramResult result, string words)
    {
        Assert.Contains(words, result.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.StandardError, StringComparison.Ordinal);
        Assert.Single(result.StandardError.TrimEnd('\n').Split('\n'));
        Assert.Equal((2, ""), (result.ExitCode, result.StandardOutput));
    }
}
