using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace Tests.House;

/// <summary>Each rule of the house on planted files: it complains of the broken one and passes the sound one.</summary>
public sealed class HouseRulesBiteTests
{
    [Theory]
    [InlineData("Reference/Broker", "$(RepoRoot)Reference/Clients/Clients.csproj", "Reference/Clients")]
    [InlineData("Reference/Clients", "../Broker/Broker.csproj", "Reference/Broker")]
    [InlineData("Simulator/Engine", @"..\Host\Host.csproj", "Simulator/Host")]
    [InlineData("Reference/Rpc", "$(RepoRoot)Simulator/Engine/Engine.csproj", "Simulator/Engine")]
    public void A_forbidden_reference(string folder, string include, string named) =>
        Assert.Contains($"references {named}, which the house forbids", Assert.Single(LayeringRule.Check([Project(folder, include)])));

    [Fact]
    public void A_project_that_the_table_does_not_know() =>
        Assert.Contains("not in the table", Assert.Single(LayeringRule.Check([Project("Reference/Attic", "a.csproj")])));

    [Fact]
    public void An_allowed_reference_passes() =>
        Assert.Empty(LayeringRule.Check([Project("Reference/Rpc", "$(RepoRoot)Simulator/Platform/Platform.csproj"), Project("Tests", "../Scenarios/Scenarios.csproj")]));

    [Theory]
    [InlineData("Storage", "using Reference.Broker.Replication;", "Storage reaches up to Replication")]
    [InlineData("Storage/Index", "using Reference.Broker.Handlers.Fetch;", "Storage reaches up to Handlers")]
    [InlineData("Replication", "class C { Reference.Broker.Controller.Election e; }", "Replication reaches up to Controller")]
    [InlineData("Coordinators", "class C { object M() => global::Reference.Broker.Server.Connections.Open(); }", "Coordinators reaches up to Server")]
    [InlineData("Replication", "class C { object M() => Broker.Server.Connections.Open(); }", "Replication reaches up to Server")]
    public void An_arrow_upwards_in_the_broker(string folder, string source, string complaint) =>
        Assert.Contains(complaint, Assert.Single(BrokerLayersRule.Check(new SourceFile($"Reference/Broker/{folder}/Planted.cs", source))));

    [Theory]
    [InlineData("Handlers", "using Reference.Broker.Storage; using Reference.Broker.Server;")]
    [InlineData("Controller", "namespace Reference.Broker.Controller; class C { Reference.Broker.Replication.Partition p; object Server; object M() => Server.ToString(); }")]
    [InlineData("Storage", "using Reference.Wire; using Reference.Broker;")]
    public void An_arrow_downwards_passes(string folder, string source) =>
        Assert.Empty(BrokerLayersRule.Check(new SourceFile($"Reference/Broker/{folder}/Planted.cs", source)));

    [Fact]
    public void A_namespace_that_is_not_the_folder()
    {
        Assert.Single(NamespaceRule.Check(new SourceFile("Reference/Broker/Storage/A.cs", "namespace Reference.Broker;")));
        Assert.Single(NamespaceRule.Check(new SourceFile("Reference/Broker/A.cs", "class A { }")));
        Assert.Empty(NamespaceRule.Check(new SourceFile("Reference/Broker/A.cs", "namespace Reference.Broker;\nclass A { }")));
        Assert.Empty(NamespaceRule.Check(new SourceFile("tools/Sim/Program.cs", "return 0;")));
    }

    [Fact]
    public void A_file_of_500_lines()
    {
        Assert.Single(SizeRule.CheckFile(new SourceFile("A.cs", new string('\n', 500))));
        Assert.Empty(SizeRule.CheckFile(new SourceFile("A.cs", new string('\n', 499))));
        Assert.Empty(SizeRule.CheckFile(new SourceFile("A.Generated.cs", new string('\n', 500))));
    }

    [Theory]
    [InlineData("void M() {", "}")]
    [InlineData("A() {", "}")]
    [InlineData("int P { get {", "} }")]
    [InlineData("static A operator +(A a, A b) {", "}")]
    public void A_method_of_81_lines(string begin, string end)
    {
        Assert.Single(SizeRule.CheckMethods(new SourceFile("A.cs", $"class A {{ {begin}{new string('\n', 80)}{end} }}")));
        Assert.Empty(SizeRule.CheckMethods(new SourceFile("A.cs", $"class A {{ {begin}{new string('\n', 79)}{end} }}")));
    }

    [Theory]
    [InlineData("class KafkaWorld { }")]
    [InlineData("int brokerCount;")]
    [InlineData("// draws the ISR")]
    [InlineData("void OnISRShrunk() { }")]
    [InlineData("\"all topics\"")]
    [InlineData("int _isr_count;")]
    public void A_word_of_Kafka_in_the_simulator(string text) =>
        Assert.Single(VocabularyRule.CheckSimulator(new SourceFile("Simulator/Engine/A.cs", text)));

    [Theory]
    [InlineData("int miSReading; string Topical; void Disrupt() { } var brokerage = 1;")]
    public void Words_that_only_hold_one_pass(string text) =>
        Assert.Empty(VocabularyRule.CheckSimulator(new SourceFile("Simulator/Engine/A.cs", text)));

    [Theory]
    [InlineData("class C { void M(bool simulated) { } }")]
    [InlineData("class C { bool IsSimulation; }")]
    [InlineData("class C { bool IsReal() => true; }")]
    [InlineData("#if SIM\n#endif")]
    public void Asking_for_the_world_in_the_reference_implementation(string source) =>
        Assert.Single(VocabularyRule.CheckReference(new SourceFile("Reference/Rpc/A.cs", source)));

    [Theory]
    [InlineData("using Simulator.Platform; class C { bool IsRealignmentNeeded; bool Similar; /* a simulated disk */ }")]
    public void Naming_the_platform_passes(string source) =>
        Assert.Empty(VocabularyRule.CheckReference(new SourceFile("Reference/Rpc/A.cs", source)));

    public static TheoryData<string> Undone() =>
        ["// TO" + "DO later", "/* FIX" + "ME */", "throw new Not" + "ImplementedException();", "Thread.Sl" + "eep(1);", "[Fact(Ski" + "p = \"flaky\")]"];

    [Theory]
    [MemberData(nameof(Undone))]
    public void Work_left_undone(string text)
    {
        Assert.Single(LeftoversRule.CheckUndone(new SourceFile("A.cs", text)));
        Assert.Empty(LeftoversRule.CheckUndone(new SourceFile("A.cs", "var todos = Skip(1); // mastodon")));
    }

    [Fact]
    public void A_path_of_one_machine()
    {
        Assert.Single(LeftoversRule.CheckMachinePaths(new SourceFile("README.md", "see /wo" + "rk/main")));
        Assert.Empty(LeftoversRule.CheckMachinePaths(new SourceFile("README.md", "see net" + "/wo" + "rk/main and frame" + "work/x")));
    }

    [Fact]
    public void A_dead_file_and_a_project_that_nobody_builds()
    {
        var solution = new SourceFile("Sim.sln", @"""Live\Live.csproj""");
        var live = new SourceFile("Live/Live.csproj", "<Project />");
        var lost = new SourceFile("Lost/Lost.csproj", "<Project><ItemGroup><Compile Remove=\"a.cs\" /></ItemGroup></Project>");

        Assert.Empty(LeftoversRule.CheckDead(new SourceTree([solution, live, new SourceFile("Live/A.cs", "")])));
        Assert.Contains("no project compiles it", Assert.Single(LeftoversRule.CheckDead(new SourceTree([solution, live, new SourceFile("Attic/A.cs", "")]))));
        Assert.Equal(2, LeftoversRule.CheckDead(new SourceTree([solution, live, lost])).Count());
    }

    [Fact]
    public void Statics_that_can_change()
    {
        var complaints = MutableStaticsRule.Check(typeof(Planted)).ToList();

        Assert.Equal(["Set", "Array", "List", "Map", "Queue", "<Property>k__BackingField"], complaints.Select(c => c.Split(':')[0].Split('.')[^1]));
        Assert.Empty(MutableStaticsRule.Check(typeof(Sound)));
    }

    private static SourceFile Project(string folder, string include) => new(
        $"{folder}/Planted.csproj", $"<Project><ItemGroup><ProjectReference Include=\"{include}\" /></ItemGroup></Project>");

#pragma warning disable CS0414, IDE0051, IDE0052 // planted for reflection
    private static class Planted
    {
        private static int Set = 1;
        private static readonly byte[] Array = [1];
        private static readonly List<int> List = [];
        private static readonly Dictionary<int, int> Map = [];
        private static readonly Queue<int> Queue = new();

        private static int Property { get; set; }
    }

    private static class Sound
    {
        private const int Constant = 1;
        private static readonly string Text = "";
        private static readonly ImmutableArray<int> Fixed = [1];
        private static readonly IReadOnlyList<int> ReadOnly = [1];
        private static readonly Func<int, int> Function = i => i + 1;

        private static int Property { get; } = 1;
    }
#pragma warning restore CS0414, IDE0051, IDE0052
}
