using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.House;

/// <summary>Folder = namespace, and every type stands in one.</summary>
internal static class NamespaceRule
{
    public static IEnumerable<string> Check(SourceFile file)
    {
        var expected = file.Folder.Replace('/', '.');
        var declared = file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().ToList();
        // The generator targets netstandard2.0, where a few types that the compiler looks for are missing.
        var polyfill = file.Path.StartsWith("Reference/Wire.Generator/", StringComparison.Ordinal);
        foreach (var space in declared)
        {
            var name = space.Name.ToString();
            if (name != expected && !(polyfill && name.StartsWith("System.", StringComparison.Ordinal)))
                yield return file.At(space, $"namespace {name} in folder {file.Folder}");
        }

        if (declared.Count == 0 && file.Syntax.ChildNodes().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault() is { } type)
            yield return file.At(type, $"{type.Identifier} stands in no namespace");
    }
}
