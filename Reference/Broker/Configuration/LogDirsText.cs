using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;

namespace Reference.Broker.Configuration;

/// <summary>Reads log directories as they stand in options.</summary>
internal static class LogDirsText
{
    /// <summary>The option of one directory.</summary>
    public static ConfigOption<string> One(string name, string documentation) =>
        new(name, "string", "/tmp/kafka-logs", documentation, Directory, expected: "the path of one directory");

    /// <summary>The option of one or more directories, separated by commas.</summary>
    public static ConfigOption<IReadOnlyList<string>> Several(string name, string documentation) => new(
        name,
        "list",
        [],
        documentation,
        Directories,
        Complaint,
        static v => string.Join(",", v),
        "the paths of directories, separated by commas and each named once");

    private static object? Directories(string text)
    {
        var found = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Directory(part) is not { } path) return null;
            found.Add(path);
        }

        return found;
    }

    private static string? Complaint(IReadOnlyList<string> paths)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (!seen.Add(path)) return $"{path} stands twice";
        }

        return null;
    }

    private static string? Directory(string text)
    {
        if (text.Length == 0 || text.Contains(',')) return null;
        return text.Length > 1 ? text.TrimEnd('/') : text;
    }
}
