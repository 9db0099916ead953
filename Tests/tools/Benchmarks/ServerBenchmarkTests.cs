using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Benchmarks;

/// <summary>The figures of the real server, at sizes that say nothing of its speed.</summary>
public class ServerBenchmarkTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task All_figures_are_taken_and_nothing_is_left_behind()
    {
        using var directory = new TempDirectory("server-benchmark-test-");
        var report = directory.File("figures.json");
        var data = Directory.CreateDirectory(directory.File("data")).FullName;
        var result = await Run(
            "--produce-mb", "1", "--rate", "100", "--seconds", "1", "--recovery-mib", "4", "--partitions", "200", "--directory", data, "--json", report);
        result.Expect0();
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
        Assert.Contains("resident memory per 1,000 idle partitions", result.StandardOutput, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        var figures = json.RootElement.GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal(
            [
                "start", "produce-100-records", "produce-100-bytes", "produce-1024-records", "produce-1024-bytes", "latency-p50", "latency-p99", "recovery", "start-clean",
                "memory-empty", "memory-partitions", "start-partitions",
            ],
            figures.Select(f => f.GetProperty("id").GetString()));
        Assert.All(figures, f => Assert.True(f.GetProperty("value").GetDouble() > 0, f.ToString()));
        Assert.All(
            figures.Where(f => f.GetProperty("baseline").ValueKind != JsonValueKind.Null),
            f => Assert.True(f.GetProperty("baseline").GetDouble() > 0 && f.GetProperty("ratio").GetDouble() > 0, f.ToString()));
        Assert.Equal(3, figures.Count(f => f.GetProperty("baseline").ValueKind == JsonValueKind.Null)); // memory has none, and a start is one
    }

    [Theory]
    [InlineData("--rate", "0", "--rate must be at least 1; see --help.")]
    [InlineData("--recovery-mib", "2000", "--recovery-mib must be below 2000: a segment has no more; see --help.")]
    public async Task A_wrong_size_is_refused_by_name(string option, string value, string complaint)
    {
        var result = await Run(option, value);
        Assert.Equal((2, $"server: {complaint}\n", string.Empty), (result.ExitCode, result.StandardError, result.StandardOutput));
    }

    private static Task<ProgramResult> Run(params string[] arguments) =>
        ExternalProgram.Run("dotnet", [BuiltProgram.Of("Benchmarks"), "server", .. arguments], timeout: s_limit);
}
