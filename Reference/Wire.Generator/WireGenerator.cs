using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Reference.Wire.Generator;

/// <summary>
/// For every record marked <c>[ApiMessage]</c> emits reader, writer, size, equality and printer, and over all of them
/// the table of supported APIs. Each message is cached on its own: an edit of one regenerates its file and the table,
/// an edit elsewhere nothing.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class WireGenerator : IIncrementalGenerator
{
    private const string MessageAttribute = "Reference.Wire.Schema.ApiMessageAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(MessageAttribute, static (node, _) => node is TypeDeclarationSyntax, MessageParser.Parse)
            .WithTrackingName("Parsed");
        context.RegisterSourceOutput(parsed, static (output, result) => EmitMessage(output, result));
        var table = parsed
            .Where(static result => result.Message is not null)
            .Select(static (result, _) => TableRow.Of(result.Message!))
            .Collect()
            .Select(static (rows, _) => new EquatableArray<TableRow>([.. rows.OrderBy(r => r.ApiKeyValue).ThenBy(r => r.IsRequest ? 0 : 1)]))
            .WithTrackingName("Table");
        context.RegisterSourceOutput(table, static (output, rows) => EmitTable(output, rows));
    }

    private static void EmitMessage(SourceProductionContext output, ParseResult result)
    {
        foreach (var problem in result.Problems)
            output.ReportDiagnostic(problem.ToDiagnostic());
        if (result.Message is { } message)
            output.AddSource($"{message.Root.Name}.g.cs", SourceText.From(MessageEmitter.Emit(message), Encoding.UTF8));
    }

    private static void EmitTable(SourceProductionContext output, EquatableArray<TableRow> rows)
    {
        var problems = TableEmitter.Check(rows);
        foreach (var problem in problems)
            output.ReportDiagnostic(problem.ToDiagnostic());
        if (problems.Count == 0 && rows.Count > 0)
            output.AddSource("SupportedApis.g.cs", SourceText.From(TableEmitter.Emit(rows), Encoding.UTF8));
    }
}
