using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reference.Wire.Generator;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Wire.Generator;

/// <summary>Verifies what the generator says about wrong declarations, and that an edit elsewhere regenerates nothing.</summary>
public sealed class WireGeneratorTests
{
    private const string Response = """
        [ApiMessage(ApiKey.Heartbeat, MessageKind.Response, "0-4", Flexible = "4+")]
        public sealed partial record HeartbeatResponse { [Field("0+")] public short Code { get; set; } }
        """;

    [Fact]
    public void A_right_declaration_compiles()
    {
        var (diagnostics, errors) = Generate(Request("[Field(\"0+\", Nullable = \"0+\")] public string? Group { get; set; }"), Response);
        Assert.Empty(diagnostics);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("WIRE001", "public int Forgotten { get; set; }", "needs [Field")]
    [InlineData("WIRE001", "public sealed record Inner;", "sealed partial record")]
    [InlineData("WIRE002", "[Field(\"x\")] public int A { get; set; }", "version ranges are written")]
    [InlineData("WIRE002", "[Field(\"9+\")] public int A { get; set; }", "none of the message's versions")]
    [InlineData("WIRE002", "[Field(\"2+\", Nullable = \"1+\")] public string? A { get; set; }", "within the field's versions")]
    [InlineData("WIRE003", "[Field(\"0+\")] public double A { get; set; }", "use bool, sbyte")]
    [InlineData("WIRE003", "[Field(\"0+\")] public System.Version A { get; set; } = new();", "use bool, sbyte")]
    [InlineData("WIRE004", "[Field(\"0+\")] public string? A { get; set; }", "Nullable = \"versions\" is needed")]
    [InlineData("WIRE004", "[Field(\"0+\", Nullable = \"0+\")] public string A { get; set; } = \"\";", "need a nullable type")]
    [InlineData("WIRE005", "[Field(\"0+\", Tag = 0)] public int A { get; set; }", "only exist in flexible versions")]
    [InlineData("WIRE005", "[Field(\"4+\", Tag = 1)] public int A { get; set; }", "count up from 0")]
    [InlineData("WIRE006", "[Field(\"0+\")] public string A { get; set; }", "initializer")]
    [InlineData("WIRE006", "[Field(\"0+\")] public int A { get; set; } = System.Environment.ProcessId;", "initializer")]
    public void A_wrong_field_is_named(string id, string member, string hint)
    {
        var (diagnostics, _) = Generate(Request(member), Response);
        var diagnostic = Assert.Single(diagnostics, d => d.Id == id);
        Assert.Contains(hint, diagnostic.GetMessage());
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.NotEqual(0, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Theory]
    [InlineData("WIRE001", "[ApiMessage(ApiKey.Heartbeat, MessageKind.Request, \"0-4\")] public sealed partial record Heartbeat;", "must end in \"Request\"")]
    [InlineData("WIRE001", "[ApiMessage(ApiKey.Heartbeat, MessageKind.Request, \"0-4\")] public partial record HeartbeatRequest;", "sealed partial record")]
    [InlineData("WIRE002", "[ApiMessage(ApiKey.Heartbeat, MessageKind.Request, \"0+\")] public sealed partial record HeartbeatRequest;", "closed range")]
    [InlineData("WIRE002", "[ApiMessage(ApiKey.Heartbeat, MessageKind.Request, \"0-4\", Flexible = \"2-3\")] public sealed partial record HeartbeatRequest;", "open range")]
    [InlineData("WIRE007", "[ApiMessage(ApiKey.Heartbeat, MessageKind.Request, \"0-3\", Flexible = \"4+\")] public sealed partial record HeartbeatRequest;", "differ")]
    [InlineData("WIRE007", "", "exactly one request and one response")]
    public void A_wrong_message_is_named(string id, string declaration, string hint)
    {
        var (diagnostics, _) = Generate(declaration, Response);
        Assert.Contains(hint, Assert.Single(diagnostics, d => d.Id == id).GetMessage());
    }

    [Fact]
    public void An_edit_elsewhere_regenerates_nothing()
    {
        var compilation = InProcessCompiler.Compile(Source(Request("[Field(\"0+\")] public int A { get; set; }"), Response));
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        var parse = (CSharpParseOptions)compilation.SyntaxTrees.First().Options;
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new WireGenerator().AsSourceGenerator()], parseOptions: parse, driverOptions: options);
        driver = driver.RunGenerators(compilation);
        var edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Elsewhere;", parse));
        var steps = driver.RunGenerators(edited).GetRunResult().Results.Single().TrackedSteps;
        foreach (var name in new[] { "Parsed", "Table" })
        {
            Assert.All(
                steps[name].SelectMany(s => s.Outputs),
                o => Assert.True(o.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{name} was {o.Reason}"));
        }
    }

    private static string Request(string member) => $$"""
        [ApiMessage(ApiKey.Heartbeat, MessageKind.Request, "0-4", Flexible = "4+")]
        public sealed partial record HeartbeatRequest
        {
            {{member}}
        }
        """;

    private static string Source(params string[] declarations) => $"""
        using System.Collections.Generic;
        using Reference.Wire;
        using Reference.Wire.Schema;
        namespace Probe;
        {string.Join("\n", declarations)}
        """;

    /// <summary>The generator's diagnostics, and the compile errors of the messages with their generated halves.</summary>
    private static (IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<Diagnostic> Errors) Generate(params string[] declarations)
    {
        var compilation = InProcessCompiler.Compile(Source(declarations));
        var parse = (CSharpParseOptions)compilation.SyntaxTrees.First().Options;
        CSharpGeneratorDriver.Create([new WireGenerator().AsSourceGenerator()], parseOptions: parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        // The table is a part of the assembly Reference.Wire; here it only needs the types of that assembly.
        var errors = generated.RemoveSyntaxTrees(generated.SyntaxTrees.Where(t => t.FilePath.EndsWith("SupportedApis.g.cs", System.StringComparison.Ordinal)));
        return (diagnostics, InProcessCompiler.ErrorsOf(errors));
    }
}
