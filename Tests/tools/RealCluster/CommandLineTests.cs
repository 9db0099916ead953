using System;
using System.IO;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.RealCluster;

/// <summary>The command line: help, and wrong usage in one sentence with exit code 2.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_shows_examples_and_exit_codes()
    {
        var help = (await Run("--help")).Expect0().StandardOutput;
        Assert.Contains("--network namespaces", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 all held, 1 a property failed", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seeds", "--seeds", "nine")]
    [InlineData("--seeds", "--seeds", "5..3")]
    [InlineData("--minutes", "--seeds", "5..")]
    [InlineData("--steps", "--steps", "-1")]
    [InlineData("'2'", "--acks", "2")]
    [InlineData("'moon'", "--network", "moon")]
    public async Task A_wrong_command_line_is_refused_by_name(string words, params string[] arguments)
    {
        var result = await Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.StandardOutput));
        Assert.Contains(words, result.StandardError, StringComparison.Ordinal);
        Assert.Single(result.StandardError.TrimEnd('\n').Split('\n'));
    }

    private static Task<ProgramResult> Run(params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return ExternalProgram.Run("dotnet", [Path.Combine(RepositoryTree.Root, "tools", "RealCluster", "bin", configuration, "net10.0", "tools.RealCluster.dll"), .. arguments]);
    }
}
