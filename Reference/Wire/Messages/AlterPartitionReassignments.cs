using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Asks the controller to move partitions to other replicas, or to give such a move up (KIP-455).</summary>
[ApiMessage(ApiKey.AlterPartitionReassignments, MessageKind.Request, "0", Flexible = "0+")]
public sealed partial record AlterPartitionReassignmentsRequest
{
    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<ReassignableTopic> Topics { get; set; } = [];

    /// <summary>Reassignable topic.</summary>
    public sealed partial record ReassignableTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("0+")]
        public List<ReassignablePartition> Partitions { get; set; } = [];
    }

    /// <summary>Reassignable partition.</summary>
    public sealed partial record ReassignablePartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Broker ids wished for, preferred leader first; null gives up the reassignment under way.</summary>
        [Field("0+", Nullable = "0+")]
        public List<int>? Replicas { get; set; }
    }
}

/// <summary>Answers <see cref="AlterPartitionReassignmentsRequest"/>: what was accepted, which is not what is done.</summary>
[ApiMessage(ApiKey.AlterPartitionReassignments, MessageKind.Response, "0", Flexible = "0+")]
public sealed partial record AlterPartitionReassignmentsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome of the whole request; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Explanation for people, or null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<ReassignableTopicResponse> Responses { get; set; } = [];

    /// <summary>Reassignable topic response.</summary>
    public sealed partial record ReassignableTopicResponse
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("0+")]
        public List<ReassignablePartitionResponse> Partitions { get; set; } = [];
    }

    /// <summary>Reassignable partition response.</summary>
    public sealed partial record ReassignablePartitionResponse
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}
