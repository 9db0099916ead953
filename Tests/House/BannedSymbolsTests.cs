using System;
using System.Linq;
using Tests.Support;
using Xunit;

namespace Tests.House;

/// <summary>
/// What leaves a node's loop or differs between processes is a build error. The analyzer ignores a misspelt id without
/// a word, so every line of every ban file is probed here. Not seen by the analyzer, and checked by
/// <see cref="DeterminismSyntaxTests"/> instead: locks, async void, dynamic, finalizers.
/// </summary>
public sealed class BannedSymbolsTests
{
    private const string Shared = "Simulator/BannedSymbols.txt";

    [Theory]
    [InlineData(Shared, 150)]
    [InlineData("Simulator/Platform/BannedSymbols.txt", 40)]
    [InlineData("Simulator/Engine/BannedSymbols.txt", 40)]
    [InlineData("Simulator/Host/BannedSymbols.txt", 10)]
    public void Every_line_of_a_ban_file_bites(string path, int atLeast)
    {
        var text = RepositoryTree.Read(path);

        Assert.True(BanFile.Parse(text).Count >= atLeast, $"{path} lost its lines");
        Assert.Empty(BanCheck.DeadLines(text));
    }

    [Fact]
    public void A_misspelt_line_is_found() =>
        Assert.Contains("names nothing", Assert.Single(BanCheck.DeadLines("T:System.Random;a\nM:System.Guid.NewGiud;b\n")));

    [Fact]
    public void A_line_whose_probe_the_analyzer_passes_over_is_found() =>
        Assert.Contains("does not bite", Assert.Single(BanCheck.DeadLines("T:System.Random;a\n", analysed: "T:System.Version;a\n")));

    [Fact]
    public void Whole_namespaces_are_not_banned() =>
        Assert.Contains("ban its types", Assert.Single(BanCheck.DeadLines("N:System.Timers;a\n")));

    [Theory]
    [InlineData("class C { int M((string, int) pair) => pair.GetHashCode(); }")]
    [InlineData("record R(string Name); class C { int M(R r) => r.GetHashCode(); }")]
    [InlineData("class C { object M() => System.Threading.Tasks.Task.Delay(1); }")]
    [InlineData("class C { object M() => System.Random.Shared; }")]
    [InlineData("class C { void M(System.Threading.Tasks.Task t) => t.ConfigureAwait(false); }")]
    [InlineData("class C { object M() => new System.IO.Pipelines.Pipe(); }")]
    [InlineData("class C { async System.Threading.Tasks.Task M() => await System.Threading.Tasks.Task.Yield(); }")]
    [InlineData("class C { object M() => new System.IO.FileStream(\"a\", System.IO.FileMode.Open); }")]
    [InlineData("class C { long M() => System.Diagnostics.Stopwatch.GetTimestamp(); }")]
    [InlineData("class C { object M(System.Collections.Generic.IEnumerable<int> s) => System.Linq.ParallelEnumerable.AsParallel(s); }")]
    [InlineData("class C { object M() => System.Buffers.ArrayPool<byte>.Shared.Rent(1); }")]
    [InlineData("class C { object M(string s) => System.Collections.Immutable.ImmutableDictionary<string, int>.Empty; }")]
    public void Ways_around_by_another_member_of_the_same_type_bite(string source)
    {
        Assert.Empty(InProcessCompiler.ErrorsOf(source));
        Assert.NotEmpty(BanCheck.Bites(RepositoryTree.Read(Shared), source));
    }

    [Theory]
    [InlineData("class C { object M() => new System.Diagnostics.Metrics.Meter(\"node\"); }")]
    [InlineData("class C { object M(System.IO.Stream s) => new System.IO.Compression.GZipStream(s, System.IO.Compression.CompressionMode.Compress); }")]
    [InlineData("class C { object M() => new System.IO.IOException(\"torn\"); }")]
    [InlineData("class C { object M() => new System.IO.MemoryStream(); }")]
    [InlineData("class C { bool M(System.Threading.CancellationToken t) => t.IsCancellationRequested; }")]
    [InlineData("class C { void M(bool b) => System.Diagnostics.Debug.Assert(b); }")]
    [InlineData("class C { bool M(string s) => s.StartsWith(\"a\", System.StringComparison.Ordinal); }")]
    [InlineData("class C { string M(int i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture); }")]
    [InlineData("class C { object M() => new System.Collections.Generic.Dictionary<string, int>(System.StringComparer.Ordinal); }")]
    public void What_is_harmless_stays_usable(string source)
    {
        Assert.Empty(InProcessCompiler.ErrorsOf(source));
        Assert.Empty(BanCheck.Bites(RepositoryTree.Read(Shared), source));
    }

    [Fact]
    public void The_shared_list_binds_every_project_that_a_node_runs()
    {
        var projects = RepositoryTree.Files().Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)
            && (f.StartsWith("Reference/", StringComparison.Ordinal) || f.StartsWith("Scenarios/", StringComparison.Ordinal))).ToList();
        var unbound = projects.Where(p => !RepositoryTree.Read(p).Contains("<Deterministic_Zone>true</Deterministic_Zone>", StringComparison.Ordinal));

        Assert.Equal(["Reference/Hosting/Hosting.csproj", "Reference/Wire.Generator/Wire.Generator.csproj"], unbound);
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", RepositoryTree.Read(".editorconfig"));
    }
}
