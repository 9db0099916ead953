namespace Reference.Broker.Storage;

/// <summary>Who sends batches to a leader.</summary>
public enum AppendOrigin
{
    /// <summary>A client: control batches are refused.</summary>
    Client,

    /// <summary>A coordinator of the broker itself.</summary>
    Coordinator,
}

/// <summary>What an append did.</summary>
/// <param name="BaseOffset">First offset; the log's end if nothing was appended.</param>
/// <param name="LastOffset">Last offset; one less than the base if nothing was appended.</param>
/// <param name="MaxTimestamp">Greatest timestamp in milliseconds; -1 if there is none.</param>
/// <param name="LogAppendTimeMillis">The append time stamped on the records; -1 with CreateTime.</param>
/// <param name="LogStartOffset">The log's start at that moment.</param>
/// <param name="SizeInBytes">Bytes appended.</param>
public readonly record struct LogAppendInfo(long BaseOffset, long LastOffset, long MaxTimestamp, long LogAppendTimeMillis, long LogStartOffset, int SizeInBytes)
{
    /// <summary>Records appended.</summary>
    public long RecordCount => LastOffset - BaseOffset + 1;
}
