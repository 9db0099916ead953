namespace Reference.Wire;

/// <summary>Who sets the timestamps of a batch (KIP-32).</summary>
public enum TimestampType : byte
{
    /// <summary>The producer.</summary>
    CreateTime = 0,

    /// <summary>The broker, on append.</summary>
    LogAppendTime = 1,
}
