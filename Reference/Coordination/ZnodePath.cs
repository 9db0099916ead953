using System;

namespace Reference.Coordination;

/// <summary>The rules for paths: absolute, no empty, "." or ".." component, no '/' at the end, no control characters.</summary>
public static class ZnodePath
{
    /// <summary>The root.</summary>
    public const string Root = "/";

    /// <summary>True if the path may name a znode.</summary>
    public static bool IsValid(string path)
    {
        if (path == Root) return true;
        if (path.Length == 0 || path[0] != '/') return false;
        var start = 1;
        for (var i = 1; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] != '/')
            {
                if (IsForbidden(path[i])) return false;
                continue;
            }

            if (path.AsSpan(start, i - start) is "" or "." or "..") return false;
            start = i + 1;
        }

        return true;
    }

    /// <summary>The path of the parent; the root's is the root.</summary>
    public static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? Root : path[..slash];
    }

    /// <summary>The last component.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A child's path.</summary>
    public static string ChildOf(string parent, string name) => parent == Root ? Root + name : parent + "/" + name;

    /// <summary>The path with the ten-digit number of a sequential znode.</summary>
    public static string WithSequence(string path, int sequence) => path + sequence.ToString("D10", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsForbidden(char c) =>
        c is <= '\u001f' or (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0';
}
