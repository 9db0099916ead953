using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Kafka's text format of checkpoints: a line with version 0, a line with the number of entries, a line for each entry.</summary>
internal static class CheckpointFile
{
    private const int Version = 0;

    /// <summary>The entries, split at spaces, each with its line number; null if there is no file.</summary>
    /// <exception cref="CorruptCheckpointException">Not this format.</exception>
    public static async LoopTask<IReadOnlyList<(int Line, string[] Fields)>?> Read(IDisk disk, string path, int fields, string remedy)
    {
        byte[] bytes;
        try
        {
            bytes = await disk.ReadAllBytes(path);
        }
        catch (DiskException e) when (e.Error == DiskError.NotFound)
        {
            return null;
        }

        return Parse(path, Encoding.UTF8.GetString(bytes), fields, remedy);
    }

    /// <summary>Replaces the file whole or not at all, durably.</summary>
    public static LoopTask Write(IDisk disk, string path, IReadOnlyList<string> entries)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version}\n{entries.Count}\n");
        foreach (var entry in entries) text.Append(entry).Append('\n');
        return disk.WriteAtomically(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A number of an entry.</summary>
    public static long Number(string path, int line, string field, string remedy) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new CorruptCheckpointException(path, line, $"'{field}' is not a number.", remedy);

    private static List<(int Line, string[] Fields)> Parse(string path, string text, int fields, string remedy)
    {
        var lines = text.Split('\n');
        if (lines[0].TrimEnd('\r') != "0") throw new CorruptCheckpointException(path, 1, $"the version '{lines[0]}' is not {Version}.", remedy);
        if (lines.Length < 2 || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw new CorruptCheckpointException(path, 2, "the number of entries is missing.", remedy);
        var entries = new List<(int, string[])>();
        for (var i = 2; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            var parts = lines[i].TrimEnd('\r').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != fields) throw new CorruptCheckpointException(path, i + 1, $"'{lines[i]}' has {parts.Length} fields instead of {fields}.", remedy);
            entries.Add((i + 1, parts));
        }

        return entries.Count == count
            ? entries
            : throw new CorruptCheckpointException(path, 2, $"{count} entries are announced, but {entries.Count} follow.", remedy);
    }
}
