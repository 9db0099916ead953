using System;
using System.Collections.Generic;
using System.IO;

namespace tools.Server;

/// <summary>Reads Java's properties as Kafka's server.properties uses them: name=value, # and ! for comments, \ at a line's end to go on.</summary>
internal static class PropertiesFile
{
    /// <summary>The values by name; a later line wins.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line is no name=value.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration file {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Takes a name=value apart.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static KeyValuePair<string, string> Pair(string text, string where)
    {
        var at = text.IndexOfAny(['=', ':']);
        return at > 0
            ? new(text[..at].Trim(), text[(at + 1)..].Trim())
            : throw new UsageException($"{where} is \"{text}\", but name=value is expected.");
    }

    private static Dictionary<string, string> Parse(string path, string[] lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var number = i + 1;
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '#' or '!') continue;
            while (line.EndsWith('\\') && i + 1 < lines.Length) line = line[..^1] + lines[++i].Trim();
            var (name, value) = Pair(line, $"Line {number} of {path}");
            values[name] = value;
        }

        return values;
    }
}
