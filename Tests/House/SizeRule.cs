using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.House;

/// <summary>Files below 500 lines, methods of at most 80.</summary>
internal static class SizeRule
{
    public const int FileLinesBelow = 500;
    public const int MethodLinesMax = 80;

    public static IEnumerable<string> CheckFile(SourceFile file)
    {
        var lines = file.Text.AsSpan().Count('\n');
        if (!file.IsGenerated && lines >= FileLinesBelow)
            yield return $"{file.Path}: {lines} lines; a file is a room, build a wall";
    }

    public static IEnumerable<string> CheckMethods(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let span = node.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MethodLinesMax && !file.IsGenerated
        select file.At(node, $"a method of {lines} lines");
}
