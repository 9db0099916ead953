using System.Linq;
using Xunit;

namespace Tests.House;

/// <summary>What the ban analyzer cannot see in the code that nodes run.</summary>
public sealed class DeterminismSyntaxTests
{
    [Fact]
    public void Node_code_has_no_locks_no_foreign_tasks_and_no_suppressed_bans() =>
        Assert.Empty(SourceTree.Current.Under(SourceTree.NodeCode).SelectMany(DeterminismSyntaxRule.Check));

    [Theory]
    [InlineData("class C { void M(object o) { lock (o) { } } }", "lock")]
    [InlineData("class C { async void M() { } }", "async")]
    [InlineData("class C { async System.Threading.Tasks.Task M() { } }", "async")]
    [InlineData("class C { void M() { async System.Threading.Tasks.ValueTask<int> L() => 1; } }", "async")]
    [InlineData("class C { ~C() { } }", "finalizer")]
    [InlineData("class C { void M(dynamic d) { } }", "dynamic")]
    [InlineData("#pragma warning disable RS0030\nclass C { }", "RS0030")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"RS0030\")] class C { }", "RS0030")]
    [InlineData("class C { volatile int x; }", "volatile")]
    public void The_rule_bites(string source, string named) =>
        Assert.Contains(named, Assert.Single(DeterminismSyntaxRule.Check(new SourceFile("Reference/Planted.cs", source))));

    [Theory]
    [InlineData("class C { async LoopTask M() { } }")]
    [InlineData("class C { async LoopTask<int> M() => 1; }")]
    [InlineData("class C { Simulator.Platform.LoopTask M() => default; }")]
    public void Loop_tasks_pass(string source) =>
        Assert.Empty(DeterminismSyntaxRule.Check(new SourceFile("Reference/Planted.cs", source)));
}
