using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Hands out a producer id and epoch.</summary>
/// <remarks>v3 lets a producer bump its own epoch (KIP-360); v4 distinguishes a fenced producer.</remarks>
[ApiMessage(ApiKey.InitProducerId, MessageKind.Request, "0-4", Flexible = "2+")]
public sealed partial record InitProducerIdRequest
{
    /// <summary>Transactional id, or null for a producer without transactions.</summary>
    [Field("0+", Nullable = "0+")]
    public string? TransactionalId { get; set; }

    /// <summary>After how long an idle transaction is aborted, in milliseconds.</summary>
    [Field("0+")]
    public int TransactionTimeoutMs { get; set; }

    /// <summary>Producer id, or -1.</summary>
    [Field("3+")]
    public long ProducerId { get; set; } = -1;

    /// <summary>Producer epoch.</summary>
    [Field("3+")]
    public short ProducerEpoch { get; set; } = -1;
}

/// <summary>Answers <see cref="InitProducerIdRequest"/>.</summary>
[ApiMessage(ApiKey.InitProducerId, MessageKind.Response, "0-4", Flexible = "2+")]
public sealed partial record InitProducerIdResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Producer id, or -1.</summary>
    [Field("0+")]
    public long ProducerId { get; set; } = -1;

    /// <summary>Producer epoch.</summary>
    [Field("0+")]
    public short ProducerEpoch { get; set; }
}
