using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Tests.House;

/// <summary>
/// The style of the house as tests, over the checkout that they were built from. What each rule looks like when it is
/// broken stands in <see cref="HouseRulesBiteTests"/>.
/// </summary>
public sealed class HouseTests
{
    private static SourceTree Tree => SourceTree.Current;

    [Fact]
    public void Projects_reference_only_what_the_table_of_the_house_allows() => Assert.Empty(LayeringRule.Check(Tree.Projects));

    [Fact]
    public void Transitive_references_are_switched_off() =>
        Assert.Contains("<DisableTransitiveProjectReferences>true<", Tree.Files.Single(f => f.Path == "Directory.Build.props").Text);

    [Fact]
    public void Broker_and_clients_never_meet()
    {
        Assert.DoesNotContain("Reference/Clients", LayeringRule.Table["Reference/Broker"]);
        Assert.DoesNotContain("Reference/Broker", LayeringRule.Table["Reference/Clients"]);
    }

    [Fact]
    public void Inside_the_broker_no_arrow_leads_upwards() => Assert.Empty(Tree.Under(["Reference/Broker"]).SelectMany(BrokerLayersRule.Check));

    [Fact]
    public void Namespace_equals_folder() => Assert.Empty(Tree.CSharp.SelectMany(NamespaceRule.Check));

    [Fact]
    public void Files_are_shorter_than_500_lines() => Assert.Empty(Tree.CSharp.SelectMany(SizeRule.CheckFile));

    [Fact]
    public void Methods_have_at_most_80_lines() =>
        Assert.Empty(Tree.Under(["Simulator", "Reference", "Scenarios"]).SelectMany(SizeRule.CheckMethods));

    [Fact]
    public void No_word_of_Kafka_stands_in_the_simulator() => Assert.Empty(Tree.Under(["Simulator"]).SelectMany(VocabularyRule.CheckSimulator));

    [Fact]
    public void Reference_code_does_not_ask_whether_the_world_is_simulated() =>
        Assert.Empty(Tree.Under(["Reference"]).SelectMany(VocabularyRule.CheckReference));

    [Fact]
    public void Nothing_is_left_undone() => Assert.Empty(Tree.Files.Where(IsCode).SelectMany(LeftoversRule.CheckUndone));

    [Fact]
    public void No_path_of_one_machine_is_named() => Assert.Empty(Tree.Files.SelectMany(LeftoversRule.CheckMachinePaths));

    /// <summary>Who is killed while he writes must not leave half a result: see <c>WholeFile</c>.</summary>
    [Fact]
    public void Results_are_written_whole_or_not_at_all() => Assert.Equal(
        ["tools/Sim/Commands/ReportFile.cs"],
        Tree.Under(["tools/Sim", "Simulator/Engine"]).Where(f => f.Text.Contains("File.WriteAll", StringComparison.Ordinal) || f.Text.Contains("File.CreateText", StringComparison.Ordinal)).Select(f => f.Path));

    [Fact]
    public void Every_file_is_compiled_and_every_project_built() => Assert.Empty(LeftoversRule.CheckDead(Tree));

    [Fact]
    public void No_static_of_node_code_can_change()
    {
        var names = SourceTree.NodeCode.Select(f => f.Replace('/', '.')).ToList();
        var assemblies = names.Select(n => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, n + ".dll"))).ToList();

        Assert.Equal(names, assemblies.Select(a => a.GetName().Name));
        Assert.Empty(assemblies.SelectMany(MutableStaticsRule.Check));
    }

    private static bool IsCode(SourceFile file) =>
        new[] { ".cs", ".csproj", ".props", ".targets" }.Contains(Path.GetExtension(file.Path)) || file.Path == ".ci/run";
}
