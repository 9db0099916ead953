using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.House;

/// <summary>No lock, no foreign task type, no finalizer, no dynamic, and no suppressed ban.</summary>
internal static class DeterminismSyntaxRule
{
    public static IEnumerable<string> Check(SourceFile file)
    {
        var suppressed = file.Text.IndexOf("RS0030", StringComparison.Ordinal);
        if (suppressed >= 0)
            yield return file.At(suppressed, "RS0030 is suppressed: find a deterministic way");

        foreach (var node in file.Syntax.DescendantNodes())
        {
            if (Complaint(node) is { } complaint)
                yield return file.At(node, complaint);
        }
    }

    private static string? Complaint(SyntaxNode node) => node switch
    {
        LockStatementSyntax => "lock: a node has one loop",
        DestructorDeclarationSyntax => "finalizer: runs on another thread at a time of the garbage collector's choice",
        FieldDeclarationSyntax f when f.Modifiers.Any(SyntaxKind.VolatileKeyword) => "volatile: a node has one loop",
        IdentifierNameSyntax { Identifier.Text: "dynamic" } => "dynamic: the bans do not see through it",
        MethodDeclarationSyntax m when IsForeign(m.Modifiers, m.ReturnType) => $"async {m.ReturnType}: use LoopTask",
        LocalFunctionStatementSyntax l when IsForeign(l.Modifiers, l.ReturnType) => $"async {l.ReturnType}: use LoopTask",
        _ => null,
    };

    private static bool IsForeign(SyntaxTokenList modifiers, TypeSyntax type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && NameOf(type) != "LoopTask";

    private static string NameOf(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax q => q.Right.Identifier.Text,
        SimpleNameSyntax s => s.Identifier.Text,
        _ => type.ToString(),
    };
}
