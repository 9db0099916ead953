using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.House;

/// <summary>Inside the broker: Server, Handlers → Controller, Coordinators → Replication → Storage, never upwards.</summary>
internal static class BrokerLayersRule
{
    private const string Broker = "Reference.Broker";

    private static readonly IReadOnlyDictionary<string, int> Heights = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Server"] = 3,
        ["Handlers"] = 3,
        ["Controller"] = 2,
        ["Coordinators"] = 2,
        ["Replication"] = 1,
        ["Storage"] = 0,
    };

    public static IEnumerable<string> Check(SourceFile file)
    {
        if (LayerOf(file.Folder.Replace('/', '.')) is not { } own)
            yield break;
        // Whole dotted names: not their parts, and not the name of the file's own namespace.
        var names = file.Syntax.DescendantNodes().Where(n => n is NameSyntax or MemberAccessExpressionSyntax
            && n.Parent is not (QualifiedNameSyntax or AliasQualifiedNameSyntax or MemberAccessExpressionSyntax or BaseNamespaceDeclarationSyntax));
        foreach (var node in names)
        {
            if (LayerOf(node.ToString().Replace("global::", "", StringComparison.Ordinal)) is { } other && Heights[other] > Heights[own])
                yield return file.At(node, $"{own} reaches up to {other}");
        }
    }

    private static string? LayerOf(string name)
    {
        var parts = name.Split('.', '<');
        var at = name.StartsWith(Broker + ".", StringComparison.Ordinal) ? 2 : name.StartsWith("Broker.", StringComparison.Ordinal) ? 1 : -1;
        return at >= 0 && at < parts.Length && Heights.ContainsKey(parts[at]) ? parts[at] : null;
    }
}
