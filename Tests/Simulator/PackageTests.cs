using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.Simulator;

/// <summary>The packages as a user gets them: packed into a folder, and a project that knows nothing but that folder runs a simulation from them.</summary>
public sealed class PackageTests
{
    private static readonly string[] s_packages = ["Platform", "Engine", "Host", "Xunit"];

    private const string Program = """
        using Simulator.Engine.Exploration;
        using Simulator.Engine.Simulations;

        var scenario = new SimulationScenario("two-lines", "a node that sleeps", simulation => simulation.AddNode("sleeper", node => Task.Delay(TimeSpan.FromHours(1), node.Time)));
        Console.WriteLine(SeedRunner.Run(scenario, 1).Failure?.Message ?? "held");
        Console.WriteLine(typeof(Simulator.Host.HostWorld).FullName + ", " + typeof(Simulator.Xunit.SimulationTheoryAttribute).FullName);
        """;

    [Fact]
    public async Task A_project_of_ones_own_runs_a_simulation_from_the_packages_alone()
    {
        using var work = new TempDirectory("packages-");
        await Pack(work);
        foreach (var package in s_packages) LooksRight(work, $"Simulator.{package}");
        await WriteConsumer(work);
        // Nothing of the caller's build goes into that of the consumer.
        var ran = (await ExternalProgram.Run("dotnet", ["run", "--project", work.File("consumer"), "-c", "Release", "--property:RunAnalyzers=false"], timeout: TimeSpan.FromMinutes(3))).Expect0();
        Assert.Equal("held\nSimulator.Host.HostWorld, Simulator.Xunit.SimulationTheoryAttribute\n", ran.StandardOutput);
    }

    /// <summary>One process packs what is built already, all into one folder; nothing is built and no source changes.</summary>
    private static async Task Pack(TempDirectory work)
    {
        var projects = string.Join(';', s_packages.Select(p => Path.Combine(RepositoryTree.Root, "Simulator", p, $"{p}.csproj")));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await File.WriteAllTextAsync(work.File("pack.proj"), $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{projects}" Targets="Pack" Properties="NoBuild=true;Configuration={configuration};PackageOutputPath={work.File("feed")};NuspecOutputPath={work.File("nuspec")}/" />
              </Target>
            </Project>
            """);
        (await ExternalProgram.Run("dotnet", ["msbuild", work.File("pack.proj"), "-t:Pack", "-nologo", "-v:q"], timeout: TimeSpan.FromMinutes(3))).Expect0();
    }

    /// <summary>The package has its assembly, its documentation and its README, and the symbols beside it.</summary>
    private static void LooksRight(TempDirectory work, string name)
    {
        Assert.Superset(new HashSet<string> { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md" }, Entries(work, $"{name}.*.nupkg"));
        Assert.Contains($"lib/net10.0/{name}.pdb", Entries(work, $"{name}.*.snupkg"));
    }

    private static HashSet<string> Entries(TempDirectory work, string pattern)
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(work.File("feed"), pattern)));
        return [.. package.Entries.Select(e => e.FullName)];
    }

    /// <summary>
    /// Its only source is the folder. What the packages need of others is taken from where this machine keeps it since the tests were
    /// restored; our own are unpacked below the consumer, so that none of an earlier run is found.
    /// </summary>
    private static async Task WriteConsumer(TempDirectory work)
    {
        var consumer = Directory.CreateDirectory(work.File("consumer")).FullName;
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(work.File("feed"), "Simulator.Engine.*.nupkg").Single())["Simulator.Engine.".Length..];
        await File.WriteAllTextAsync(Path.Combine(consumer, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{work.File("feed")}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{machine}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{work.File("unpacked")}" /></config>
            </configuration>
            """);
        var references = string.Join('\n', s_packages.Select(p => $"""    <PackageReference Include="Simulator.{p}" Version="{version}" />"""));
        await File.WriteAllTextAsync(Path.Combine(consumer, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
            {references}
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(consumer, "Program.cs"), Program);
    }
}
