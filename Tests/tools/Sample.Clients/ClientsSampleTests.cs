using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sample.Clients;

/// <summary>The sample that the README tells of, as a program.</summary>
public sealed partial class ClientsSampleTests
{
    [Fact]
    public async Task With_a_cluster_of_its_own_it_writes_what_was_acknowledged_and_reads_the_same()
    {
        var result = (await ExternalProgram.Run("dotnet", [BuiltProgram.Of("Sample.Clients"), "embedded", "words"], timeout: TimeSpan.FromMinutes(3))).Expect0();
        var lines = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(FirstLine(), lines[0]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"acknowledged words-0 at offset {i}"), lines[1..11]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"words-0 {i}: key {i} = value {i}"), lines[11..]);
        Assert.Empty(result.StandardError);
    }

    [Fact]
    public async Task Where_no_broker_listens_it_says_so_and_fails()
    {
        var result = await ExternalProgram.Run("dotnet", [BuiltProgram.Of("Sample.Clients"), "no such address"], timeout: TimeSpan.FromMinutes(3));
        Assert.Equal((1, string.Empty), (result.ExitCode, result.StandardOutput));
        Assert.Contains("bootstrap.servers", result.StandardError, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^three brokers at 127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+, ready after \d+ ms$")]
    private static partial Regex FirstLine();
}
