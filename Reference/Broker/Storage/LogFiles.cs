using System;
using System.Collections.Generic;
using System.Globalization;

namespace Reference.Broker.Storage;

/// <summary>Names of the files of a partition's directory and of a log directory.</summary>
internal static class LogFiles
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string Deleted = ".deleted";
    public const string Cleaned = ".cleaned";
    public const string Swap = ".swap";
    public const string SetAside = ".orphaned";
    public const string Temporary = ".tmp";
    public const string DeleteDirectory = "-delete";
    public const string StrayDirectory = "-stray";
    public const string CleanShutdown = ".kafka_cleanshutdown";
    public const string LeaderEpochs = "leader-epoch-checkpoint";
    public const string PartitionMetadata = "partition.metadata";
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";
    public const string HighWatermarks = "replication-offset-checkpoint";
    public const string CleanerOffsets = "cleaner-offset-checkpoint";
    public const string LogStartOffsets = "log-start-offset-checkpoint";
    public const string MetaProperties = "meta.properties";
    public const string Lock = ".lock";

    /// <summary>The suffixes of a segment's files.</summary>
    public static readonly IReadOnlyList<string> OfSegment = [Log, OffsetIndex, TimeIndex, TransactionIndex];

    /// <summary>True for the files that a broker keeps in a log directory beside its partitions.</summary>
    public static bool IsOwn(string name) =>
        (name.EndsWith(Temporary, StringComparison.Ordinal) ? name[..^Temporary.Length] : name)
            is CleanShutdown or RecoveryPoints or HighWatermarks or LogStartOffsets or CleanerOffsets or MetaProperties or Lock;

    /// <summary>True for the files of a partition: those that begin with a base offset of 20 digits, such as segments, indexes and snapshots, and its checkpoints.</summary>
    public static bool IsOfPartition(string name)
    {
        if ((name.EndsWith(Temporary, StringComparison.Ordinal) ? name[..^Temporary.Length] : name) is LeaderEpochs or PartitionMetadata) return true;
        return name.Length > 20 && name[20] == '.' && long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>True for a directory that holds something, and nothing of a partition: it is somebody else's, whatever its name.</summary>
    public static bool IsForeign(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (IsOfPartition(name)) return false;
        }

        return names.Count > 0;
    }

    /// <summary>Path of a segment's file: the base offset in 20 digits and a suffix.</summary>
    public static string Path(string directory, long baseOffset, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{directory}/{baseOffset:D20}{suffix}");

    /// <summary>The base offset in a file name with that suffix; null if it is no such name.</summary>
    public static long? BaseOffset(string name, string suffix)
    {
        if (!name.EndsWith(suffix, StringComparison.Ordinal) || name.Length != 20 + suffix.Length) return null;
        return long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;
    }
}
