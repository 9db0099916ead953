using System;
using System.Globalization;

namespace Reference.Broker.Storage;

/// <summary>Which topic names are legal, and how they and partition numbers become directory names.</summary>
public static class TopicNames
{
    /// <summary>Longest legal name in characters: with '-' and a partition number of five digits a directory's name has the 255 bytes that file systems take.</summary>
    public const int MaxLength = 249;

    private const int LongestDirectory = 255;

    /// <summary>What is wrong with a topic name, as one sentence; null if it is legal.</summary>
    public static string? Problem(string name) => name switch
    {
        "" => "A topic name is empty.",
        "." or ".." => $"A topic cannot be named '{name}'.",
        { Length: > MaxLength } => $"The topic name of {name.Length} characters is longer than {MaxLength}.",
        _ => FirstIllegal(name) is { } illegal
            ? $"The topic name '{name}' contains '{illegal}'; letters, digits, '.', '_' and '-' of ASCII are legal."
            : null,
    };

    /// <summary>True for a legal name.</summary>
    public static bool IsValid(string name) => Problem(name) is null;

    /// <summary>True if two names become the same metric name, because '.' and '_' are not distinguished there.</summary>
    public static bool Collide(string one, string other) =>
        string.Equals(one.Replace('.', '_'), other.Replace('.', '_'), StringComparison.Ordinal);

    /// <summary>The partition whose log lives in a directory of that name; null if the name is no "topic-partition" as a broker writes it: "foo-01" is not.</summary>
    public static TopicPartition? ParseDirectory(string directory)
    {
        var dash = directory.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(directory.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return null;
        var topic = directory[..dash];
        var found = new TopicPartition(topic, partition);
        return IsValid(topic) && found.ToString() == directory ? found : null;
    }

    /// <summary>
    /// The name of the directory of a partition that is given up, "topic-partition.uuid" and a suffix. Of a long topic's name so much is left
    /// out as makes it fit; the uuid tells it from others (KAFKA-4893).
    /// </summary>
    internal static string RetiredDirectory(TopicPartition partition, UInt128 uuid, string suffix)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $"-{partition.Partition}.{uuid:x32}{suffix}");
        return string.Concat(partition.Topic.AsSpan(0, Math.Min(partition.Topic.Length, LongestDirectory - end.Length)), end);
    }

    /// <summary>True for the name of a deleted partition's directory, "topic-partition.uuid-delete" with 32 hexadecimal digits; others may be anybody's.</summary>
    public static bool IsDeletedDirectory(string directory) => IsRetired(directory, LogFiles.DeleteDirectory);

    /// <summary>True for the name of a directory set aside because nobody wanted the partition any more, "topic-partition.uuid-stray" with 32 hexadecimal digits.</summary>
    public static bool IsStrayDirectory(string directory) => IsRetired(directory, LogFiles.StrayDirectory);

    private static bool IsRetired(string directory, string suffix)
    {
        if (!directory.EndsWith(suffix, StringComparison.Ordinal)) return false;
        var name = directory[..^suffix.Length];
        var dot = name.LastIndexOf('.');
        if (dot < 0 || name.Length - dot - 1 != 32 || ParseDirectory(name[..dot]) is null) return false;
        foreach (var c in name.AsSpan(dot + 1))
        {
            if (!char.IsAsciiHexDigit(c)) return false;
        }

        return true;
    }

    private static char? FirstIllegal(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return c;
        }

        return null;
    }
}
