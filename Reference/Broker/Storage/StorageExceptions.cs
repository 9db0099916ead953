using System;
using Reference.Wire;
using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>A request that storage refuses or cannot fulfil, with the code that tells a peer.</summary>
public abstract class StorageException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a peer is told.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>An offset lies outside [log start, log end] (or, deleting records, above the high watermark).</summary>
public sealed class OffsetOutOfRangeException(string message) : StorageException(ErrorCode.OffsetOutOfRange, message);

/// <summary>A produced batch exceeds <c>max.message.bytes</c>.</summary>
public sealed class RecordTooLargeException(string message) : StorageException(ErrorCode.MessageTooLarge, message);

/// <summary>What is to be appended at once exceeds <c>segment.bytes</c>.</summary>
public sealed class RecordBatchTooLargeException(string message) : StorageException(ErrorCode.RecordListTooLarge, message);

/// <summary>Bytes to be appended are no sound record batches.</summary>
public sealed class InvalidBatchException(RecordBatchProblem problem, ErrorCode code, string message) : StorageException(code, message)
{
    /// <summary>What is wrong.</summary>
    public RecordBatchProblem Problem { get; } = problem;
}

/// <summary>A timestamp is too far from the broker's clock, or of a type a producer must not use.</summary>
public sealed class InvalidTimestampException(string message) : StorageException(ErrorCode.InvalidTimestamp, message);

/// <summary>A follower was given batches that do not continue its log.</summary>
public sealed class UnexpectedAppendOffsetException(long expected, long actual, string message) : StorageException(ErrorCode.UnknownServerError, message)
{
    /// <summary>Where the log ends.</summary>
    public long Expected { get; } = expected;

    /// <summary>Where the batch begins.</summary>
    public long Actual { get; } = actual;
}

/// <summary>An append in a role or leader epoch that the log has left.</summary>
public sealed class StaleAppendException(string message) : StorageException(ErrorCode.NotLeaderOrFollower, message);

/// <summary>The log directory is offline because its disk failed; its partitions are gone from this broker until it restarts.</summary>
public sealed class LogDirFailureException(string directory, string message, Exception? inner = null)
    : StorageException(ErrorCode.KafkaStorageError, message, inner)
{
    /// <summary>The directory that failed.</summary>
    public string Directory { get; } = directory;
}

/// <summary>The log was closed or deleted.</summary>
public sealed class LogClosedException(string message) : StorageException(ErrorCode.NotLeaderOrFollower, message);

/// <summary>A segment holds what no crash explains: bytes below the recovery point, or of a cleanly closed log, are damaged.</summary>
public sealed class CorruptLogException(string path, long position, string problem) : StorageException(
    ErrorCode.CorruptMessage,
    $"The segment {path} is damaged at byte {position}: {problem} Move the partition's directory away to fetch it again from another replica, "
    + "or delete .kafka_cleanshutdown and recovery-point-offset-checkpoint to keep what stands before the damage.")
{
    /// <summary>The damaged file.</summary>
    public string Path { get; } = path;

    /// <summary>First bad byte.</summary>
    public long Position { get; } = position;
}

/// <summary>A segment holds messages of a format before record batches, which this broker does not read. Nothing of it has been changed.</summary>
public sealed class LegacyFormatException(string path, long position, int version) : StorageException(
    ErrorCode.UnsupportedForMessageFormat,
    $"The segment {path} holds at byte {position} messages of format v{version}, which Kafka wrote before 0.11 and this broker does not read; nothing of it has been changed. "
    + "Copy the topic into a new one with a Kafka from 0.11 on and bring that one's log here, or move the partition's directory away to do without it.")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Where the first such message begins, in bytes.</summary>
    public long Position { get; } = position;
}

/// <summary>A checkpoint or properties file cannot be read.</summary>
public sealed class CorruptCheckpointException(string path, int line, string problem, string remedy) : StorageException(
    ErrorCode.KafkaStorageError,
    $"{path}, line {line}: {problem} {remedy}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its line, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>A log directory belongs to another broker.</summary>
public sealed class InconsistentBrokerIdException(string message) : Exception(message);

/// <summary>A log directory belongs to another cluster.</summary>
public sealed class InconsistentClusterIdException(string message) : Exception(message);

/// <summary>Another process, or another broker in this one, uses the log directory.</summary>
public sealed class LogDirInUseException(string directory) : Exception(
    $"The log directory {directory} is in use by another broker, which holds its file {LogFiles.Lock}: stop that one, or use another directory.");

/// <summary>The log directories of one broker belong to several.</summary>
public sealed class InconsistentBrokerMetadataException(string message) : Exception(message);

/// <summary>Something that is none of the broker's stands where a partition's directory belongs.</summary>
public sealed class ForeignFileException(string path, string what = "A file") : StorageException(
    ErrorCode.KafkaStorageError,
    $"{what} {path} stands where the partition's directory belongs: move it away.");

/// <summary>Two log directories hold the log of the same partition.</summary>
public sealed class DuplicateLogException(TopicPartition partition, string one, string other) : StorageException(
    ErrorCode.KafkaStorageError,
    $"The partition {partition} stands in both log directories {one} and {other}: move one of the two directories {partition} away.");
