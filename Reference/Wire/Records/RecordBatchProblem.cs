using System.Globalization;

namespace Reference.Wire.Records;

/// <summary>What is wrong with a record batch.</summary>
public enum RecordBatchProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Fewer bytes than a header.</summary>
    TooShort,

    /// <summary>The length field does not match the bytes.</summary>
    WrongLength,

    /// <summary>The magic byte is not 2.</summary>
    WrongMagic,

    /// <summary>The checksum does not match.</summary>
    WrongCrc,

    /// <summary>The number of records is not positive, or contradicts the last offset delta.</summary>
    WrongRecordCount,

    /// <summary>The attributes name no known compression.</summary>
    UnknownCompression,

    /// <summary>The records cannot be decompressed.</summary>
    BadCompression,

    /// <summary>The library of the compression is not installed here.</summary>
    CompressionUnavailable,

    /// <summary>A record cannot be parsed, or there are too few or too many of them.</summary>
    BadRecord,

    /// <summary>The offset deltas do not count up from 0.</summary>
    WrongOffsetDelta,

    /// <summary>A producer id without epoch and sequence, or the reverse.</summary>
    WrongProducerState,
}

/// <summary>The verdict on a batch.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="RecordIndex">Position of the record concerned in the batch, or -1.</param>
/// <param name="Detail">One sentence.</param>
public readonly record struct RecordBatchVerdict(RecordBatchProblem Problem, int RecordIndex, string Detail)
{
    /// <summary>A sound batch.</summary>
    public static RecordBatchVerdict Sound => new(RecordBatchProblem.None, -1, "The batch is sound.");

    /// <summary>True when nothing is wrong.</summary>
    public bool IsSound => Problem == RecordBatchProblem.None;

    /// <summary>The error code that tells a producer.</summary>
    public ErrorCode ToErrorCode() => Problem switch
    {
        RecordBatchProblem.None => ErrorCode.None,
        RecordBatchProblem.UnknownCompression or RecordBatchProblem.CompressionUnavailable => ErrorCode.UnsupportedCompressionType,
        RecordBatchProblem.WrongRecordCount or RecordBatchProblem.WrongOffsetDelta or RecordBatchProblem.WrongProducerState => ErrorCode.InvalidRecord,
        _ => ErrorCode.CorruptMessage,
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Problem}: {Detail}");
}
