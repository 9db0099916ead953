using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Adds partitions to topics (KIP-195).</summary>
/// <remarks>v3 may be answered with THROTTLING_QUOTA_EXCEEDED (KIP-599).</remarks>
[ApiMessage(ApiKey.CreatePartitions, MessageKind.Request, "0-3", Flexible = "2+")]
public sealed partial record CreatePartitionsRequest
{
    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<CreatePartitionsTopic> Topics { get; set; } = [];

    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>True to check without creating.</summary>
    [Field("0+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Create partitions topic.</summary>
    public sealed partial record CreatePartitionsTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Number of partitions the topic shall have.</summary>
        [Field("0+")]
        public int Count { get; set; }

        /// <summary>Replicas of the new partitions by hand, or null.</summary>
        [Field("0+", Nullable = "0+")]
        public List<CreatePartitionsAssignment>? Assignments { get; set; } = [];
    }

    /// <summary>Create partitions assignment.</summary>
    public sealed partial record CreatePartitionsAssignment
    {
        /// <summary>Broker ids, preferred leader first.</summary>
        [Field("0+")]
        public List<int> BrokerIds { get; set; } = [];
    }
}

/// <summary>Answers <see cref="CreatePartitionsRequest"/>.</summary>
[ApiMessage(ApiKey.CreatePartitions, MessageKind.Response, "0-3", Flexible = "2+")]
public sealed partial record CreatePartitionsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<CreatePartitionsTopicResult> Results { get; set; } = [];

    /// <summary>Create partitions topic result.</summary>
    public sealed partial record CreatePartitionsTopicResult
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}
