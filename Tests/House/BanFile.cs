using System;
using System.Collections.Generic;

namespace Tests.House;

/// <summary>One ban: a documentation id and the reason shown to whoever uses it.</summary>
internal sealed record Ban(string Id, string Reason, int Line);

/// <summary>Reads the format of Microsoft.CodeAnalysis.BannedApiAnalyzers: <c>id;reason</c>, comments after two slashes.</summary>
internal static class BanFile
{
    public static IReadOnlyList<Ban> Parse(string text)
    {
        var bans = new List<Ban>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var comment = lines[i].IndexOf("//", StringComparison.Ordinal);
            var line = (comment < 0 ? lines[i] : lines[i][..comment]).Trim();
            if (line.Length == 0)
                continue;
            var split = line.IndexOf(';', StringComparison.Ordinal);
            bans.Add(split < 0 ? new Ban(line, "", i + 1) : new Ban(line[..split], line[(split + 1)..], i + 1));
        }

        return bans;
    }
}
