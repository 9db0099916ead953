using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tests.House;

/// <summary>Nothing undone, asleep, skipped, tied to one machine, or compiled by nobody.</summary>
internal static class LeftoversRule
{
    // Put together here, so that this file does not hold what it forbids.
    private static readonly Regex Undone = new(
        string.Join('|', @"\bTO" + @"DO\b", @"\bFIX" + @"ME\b", "Not" + "ImplementedException", @"Thread\.Sl" + "eep", "Ski" + @"p\s*=\s*[$@]*"""),
        RegexOptions.CultureInvariant);

    private static readonly string MachineFolder = "/wo" + "rk/";

    /// <summary>Words of unfinished work, in code.</summary>
    public static IEnumerable<string> CheckUndone(SourceFile file) =>
        from Match match in Undone.Matches(file.Text)
        select file.At(match.Index, $"'{match.Value}': finish it");

    /// <summary>Paths that exist on the machine of one developer, in any text.</summary>
    public static IEnumerable<string> CheckMachinePaths(SourceFile file)
    {
        for (var at = file.Text.IndexOf(MachineFolder, StringComparison.Ordinal); at >= 0; at = file.Text.IndexOf(MachineFolder, at + 1, StringComparison.Ordinal))
        {
            // A folder of that name below another one is somebody's own business.
            if (at == 0 || !(char.IsLetterOrDigit(file.Text[at - 1]) || file.Text[at - 1] is '.' or '_' or '-' or '}' or ')'))
                yield return file.At(at, "a path of one machine");
        }
    }

    /// <summary>C# files below no project, or taken out of theirs, and projects that the solution does not build.</summary>
    public static IEnumerable<string> CheckDead(SourceTree tree)
    {
        var projects = tree.Projects.ToList();
        foreach (var file in tree.CSharp)
        {
            if (!projects.Exists(p => file.Path.StartsWith(p.Folder + "/", StringComparison.Ordinal)))
                yield return $"{file.Path}: no project compiles it";
        }

        var solution = tree.Files.Single(f => f.Path == "Sim.sln").Text.Replace('\\', '/');
        foreach (var project in projects)
        {
            if (!solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
                yield return $"{project.Path}: Sim.sln does not build it";
            if (XDocument.Parse(project.Text).Descendants("Compile").Any(c => c.Attribute("Remove") is not null))
                yield return $"{project.Path}: takes files out of the build";
        }
    }
}
