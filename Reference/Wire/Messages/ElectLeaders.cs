using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Asks the controller to elect leaders (KIP-183, KIP-460).</summary>
/// <remarks>v0 elects preferred leaders only; v1 names the kind of election.</remarks>
[ApiMessage(ApiKey.ElectLeaders, MessageKind.Request, "0-2", Flexible = "2+")]
public sealed partial record ElectLeadersRequest
{
    /// <summary>0: the preferred replica shall lead; 1: the first live one, if no replica in sync lives.</summary>
    [Field("1+")]
    public sbyte ElectionType { get; set; }

    /// <summary>Partitions by topic; null: all.</summary>
    [Field("0+", Nullable = "0+")]
    public List<ElectTopicPartitions>? TopicPartitions { get; set; } = [];

    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>Topic partitions.</summary>
    public sealed partial record ElectTopicPartitions
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>Partition numbers.</summary>
        [Field("0+")]
        public List<int> PartitionId { get; set; } = [];
    }
}

/// <summary>Answers <see cref="ElectLeadersRequest"/>.</summary>
[ApiMessage(ApiKey.ElectLeaders, MessageKind.Response, "0-2", Flexible = "2+")]
public sealed partial record ElectLeadersResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome of the whole request; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("1+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<ReplicaElectionResult> ReplicaElectionResults { get; set; } = [];

    /// <summary>Replica election result.</summary>
    public sealed partial record ReplicaElectionResult
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("0+")]
        public List<PartitionResult> PartitionResults { get; set; } = [];
    }

    /// <summary>Partition result.</summary>
    public sealed partial record PartitionResult
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionId { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}
