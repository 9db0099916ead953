using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Tests.Support;

namespace Tests.House;

/// <summary>Runs the analyzer that the builds run, in this process, over snippets and a ban file.</summary>
internal static class BanCheck
{
    private static readonly Lazy<DiagnosticAnalyzer> Analyzer = new(LoadAnalyzer);

    /// <summary>Every RS0030 that the analyzer reports for a source under the given ban file.</summary>
    public static IReadOnlyList<Diagnostic> Bites(string banText, string source) => Bites(banText, InProcessCompiler.Compile(source));

    /// <summary>One sentence for each line that names nothing, cannot be used, or does not bite; empty when all is well.</summary>
    /// <param name="banText">The ban file.</param>
    /// <param name="analysed">What the analyzer reads in its place, to show that silence is noticed.</param>
    public static IReadOnlyList<string> DeadLines(string banText, string? analysed = null)
    {
        var bans = BanFile.Parse(banText);
        var known = InProcessCompiler.Compile("");
        var complaints = new List<string>();
        var probes = new List<(Ban Ban, ISymbol Symbol, string Class)>();
        var source = new StringBuilder();
        foreach (var ban in bans)
        {
            var symbol = DocumentationCommentId.GetFirstSymbolForDeclarationId(ban.Id, known);
            if (symbol is null)
            {
                complaints.Add($"line {ban.Line}: {ban.Id} names nothing");
                continue;
            }

            if (symbol is INamespaceSymbol)
            {
                complaints.Add($"line {ban.Line}: {ban.Id} is recursive and hits the harmless too: ban its types");
                continue;
            }

            var name = $"Probe{ban.Line}";
            source.AppendLine(BanProbe.Write(name, symbol, known));
            probes.Add((ban, symbol, name));
        }

        var compilation = InProcessCompiler.Compile(source.ToString());
        complaints.AddRange(InProcessCompiler.ErrorsOf(compilation).Select(e => $"a probe does not compile: {e}"));
        var bites = Bites(analysed ?? banText, compilation).ToLookup(ClassOf, d => d.GetMessage());
        complaints.AddRange(probes.Where(p => !bites[p.Class].Any(m => Names(m, p.Symbol, p.Ban)))
            .Select(p => $"line {p.Ban.Line}: {p.Ban.Id} does not bite ({string.Join(" | ", bites[p.Class])})"));
        return complaints;
    }

    private static bool Names(string message, ISymbol symbol, Ban ban) =>
        message.Contains($"'{symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'", StringComparison.Ordinal)
        && message.EndsWith(ban.Reason, StringComparison.Ordinal);

    private static string ClassOf(Diagnostic diagnostic)
    {
        var line = diagnostic.Location.SourceTree!.GetText().Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start).ToString();
        return line.Split(' ')[1];
    }

    private static IReadOnlyList<Diagnostic> Bites(string banText, Compilation compilation)
    {
        var options = new AnalyzerOptions([new BanText(banText)]);
        var analysis = compilation.WithAnalyzers([Analyzer.Value], options);
        var found = analysis.GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
        return [.. found.Where(d => d.Id == "RS0030")];
    }

    private static DiagnosticAnalyzer LoadAnalyzer()
    {
        var package = typeof(BanCheck).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "BannedApiAnalyzersPackage").Value!;
        var folder = Path.Combine(package, "analyzers", "dotnet", "cs");
        Assembly.LoadFrom(Path.Combine(folder, "Microsoft.CodeAnalysis.BannedApiAnalyzers.dll"));
        var assembly = Assembly.LoadFrom(Path.Combine(folder, "Microsoft.CodeAnalysis.CSharp.BannedApiAnalyzers.dll"));
        var type = assembly.GetTypes().Single(t => !t.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(t)
            && t.Name.Contains("SymbolIsBannedAnalyzer", StringComparison.Ordinal));
        return (DiagnosticAnalyzer)Activator.CreateInstance(type)!;
    }

    private sealed class BanText(string text) : AdditionalText
    {
        public override string Path => "/BannedSymbols.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }
}
