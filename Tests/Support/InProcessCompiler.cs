using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tests.Support;

/// <summary>Compiles snippets with Roslyn in this process, against everything the tests themselves reference.</summary>
public static class InProcessCompiler
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(LoadReferences);

    /// <summary>A library of the given sources, named <c>Snippet</c>.</summary>
    public static CSharpCompilation Compile(params string[] sources)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);
        return CSharpCompilation.Create("Snippet", sources.Select(s => CSharpSyntaxTree.ParseText(s, parse)), References.Value, options);
    }

    /// <summary>The compile errors of a source, without warnings.</summary>
    public static IReadOnlyList<Diagnostic> ErrorsOf(string source) => ErrorsOf(Compile(source));

    /// <summary>
    /// The compile errors of a compilation, without warnings. It is emitted, because the constraints of async method
    /// builders are checked only then.
    /// </summary>
    public static IReadOnlyList<Diagnostic> ErrorsOf(Compilation compilation) =>
        [.. compilation.Emit(Stream.Null).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];

    private static IReadOnlyList<MetadataReference> LoadReferences()
    {
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")
            ?? throw new InvalidOperationException("the runtime names no platform assemblies");
        return [.. trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))];
    }
}
