using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tests.Support;

namespace Tests.House;

/// <summary>A file of the repository, or one planted to show that a rule bites.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private SyntaxNode? _syntax;

    /// <summary>The C# syntax of the text.</summary>
    public SyntaxNode Syntax => _syntax ??= CSharpSyntaxTree.ParseText(
        Text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithDocumentationMode(DocumentationMode.None)).GetRoot();

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public bool IsGenerated => Path.EndsWith(".Generated.cs", StringComparison.Ordinal);

    /// <summary>A complaint that names the file and the line of a node.</summary>
    public string At(SyntaxNode node, string complaint) =>
        $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {complaint}";

    /// <summary>A complaint that names the file and the line of an offset in the text.</summary>
    public string At(int offset, string complaint) => $"{Path}:{Text.AsSpan(0, offset).Count('\n') + 1}: {complaint}";
}

/// <summary>All files of the repository by path.</summary>
internal sealed class SourceTree(IEnumerable<SourceFile> files)
{
    /// <summary>Folders of the code that runs on a node's loop.</summary>
    public static readonly IReadOnlyList<string> NodeCode =
        ["Reference/Wire", "Reference/StateMachines", "Reference/Rpc", "Reference/Coordination", "Reference/Broker", "Reference/Clients", "Scenarios"];

    private static readonly Lazy<SourceTree> Loaded = new(
        () => new SourceTree(RepositoryTree.Files().Where(IsText).Select(p => new SourceFile(p, RepositoryTree.Read(p)))));

    /// <summary>The checkout that the tests were built from.</summary>
    public static SourceTree Current => Loaded.Value;

    public IReadOnlyList<SourceFile> Files { get; } = [.. files];

    public IEnumerable<SourceFile> CSharp => Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal));

    public IEnumerable<SourceFile> Projects => Files.Where(f => f.Path.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>The C# files below any of the folders.</summary>
    public IEnumerable<SourceFile> Under(IReadOnlyList<string> folders) =>
        CSharp.Where(f => folders.Any(folder => f.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    private static bool IsText(string path) =>
        !path.EndsWith(".bin", StringComparison.Ordinal) && !path.EndsWith(".png", StringComparison.Ordinal);
}
