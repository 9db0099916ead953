using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Tests.House;

/// <summary>Which project may reference which, directly: the arrows of the house.</summary>
internal static class LayeringRule
{
    private static readonly string[] Anything = ["*"];

    /// <summary>The table: project folder, and the folders it may reference. What is not listed is forbidden.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Table = new SortedDictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Simulator/Platform"] = [],
        ["Simulator/Engine"] = ["Simulator/Platform"],
        ["Simulator/Host"] = ["Simulator/Platform"],
        ["Simulator/Xunit"] = ["Simulator/Engine"],
        ["Reference/Wire.Generator"] = [],
        ["Reference/Wire"] = ["Reference/Wire.Generator"],
        ["Reference/StateMachines"] = [],
        ["Reference/Rpc"] = ["Simulator/Platform"],
        ["Reference/Coordination"] = ["Reference/Rpc", "Reference/StateMachines", "Simulator/Platform"],
        ["Reference/Broker"] = ["Reference/Wire", "Reference/Rpc", "Reference/Coordination", "Reference/StateMachines", "Simulator/Platform"],
        ["Reference/Clients"] = ["Reference/Wire", "Reference/Rpc", "Simulator/Platform"],
        ["Reference/Hosting"] =
            ["Simulator/Host", "Simulator/Platform", "Reference/Broker", "Reference/Coordination", "Reference/Clients"],
        ["Scenarios"] =
            ["Simulator/Engine", "Simulator/Platform", "Reference/Wire", "Reference/Broker", "Reference/Coordination", "Reference/Clients"],
        ["tools/Sim"] = ["Scenarios", "Simulator/Engine"],
        ["tools/Server"] = ["Reference/Hosting"],
        ["tools/RealCluster"] =
            ["Reference/Hosting", "Reference/Clients", "Reference/Wire", "Reference/Coordination", "Simulator/Engine", "Simulator/Platform", "Simulator/Host", "Scenarios"],
        ["tools/Benchmarks"] = Anything,
        ["tools/Sample.Clients"] = ["Reference/Hosting"],
        ["tools/Sample.KeyValue"] = ["Simulator/Platform", "Simulator/Engine", "Simulator/Host"],
        ["Tests"] = Anything,
    };

    /// <summary>One sentence for each arrow that the table does not hold, and for each project it does not know.</summary>
    public static IEnumerable<string> Check(IEnumerable<SourceFile> projects)
    {
        foreach (var project in projects)
        {
            if (!Table.TryGetValue(project.Folder, out var allowed))
            {
                yield return $"{project.Path}: not in the table of the house; add it with its arrows";
                continue;
            }

            foreach (var reference in References(project).Where(r => !allowed.Contains(r) && allowed != Anything))
                yield return $"{project.Path}: references {reference}, which the house forbids";
        }
    }

    /// <summary>The folders of the projects that a project references.</summary>
    public static IEnumerable<string> References(SourceFile project) =>
        from reference in XDocument.Parse(project.Text).Descendants("ProjectReference")
        let path = ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')
        select FolderOf(project, path);

    private static string FolderOf(SourceFile project, string path)
    {
        const string Root = "$(RepoRoot)";
        var absolute = path.StartsWith(Root, StringComparison.Ordinal)
            ? Path.GetFullPath("/" + path[Root.Length..])
            : Path.GetFullPath(Path.Combine("/", project.Folder, path));
        return Path.GetDirectoryName(absolute)!.TrimStart('/');
    }
}
