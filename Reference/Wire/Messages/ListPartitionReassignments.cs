using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Asks the controller which reassignments are under way (KIP-455).</summary>
[ApiMessage(ApiKey.ListPartitionReassignments, MessageKind.Request, "0", Flexible = "0+")]
public sealed partial record ListPartitionReassignmentsRequest
{
    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>Partitions asked about by topic; null: all.</summary>
    [Field("0+", Nullable = "0+")]
    public List<ListPartitionReassignmentsTopics>? Topics { get; set; }

    /// <summary>List partition reassignments topics.</summary>
    public sealed partial record ListPartitionReassignmentsTopics
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partition numbers.</summary>
        [Field("0+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}

/// <summary>Answers <see cref="ListPartitionReassignmentsRequest"/>.</summary>
[ApiMessage(ApiKey.ListPartitionReassignments, MessageKind.Response, "0", Flexible = "0+")]
public sealed partial record ListPartitionReassignmentsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Explanation for people, or null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>Topics with a reassignment under way.</summary>
    [Field("0+")]
    public List<OngoingTopicReassignment> Topics { get; set; } = [];

    /// <summary>Ongoing topic reassignment.</summary>
    public sealed partial record OngoingTopicReassignment
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions with a reassignment under way.</summary>
        [Field("0+")]
        public List<OngoingPartitionReassignment> Partitions { get; set; } = [];
    }

    /// <summary>Ongoing partition reassignment.</summary>
    public sealed partial record OngoingPartitionReassignment
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Broker ids of all replicas at present, those to come and to go included.</summary>
        [Field("0+")]
        public List<int> Replicas { get; set; } = [];

        /// <summary>Broker ids of the replicas being added.</summary>
        [Field("0+")]
        public List<int> AddingReplicas { get; set; } = [];

        /// <summary>Broker ids of the replicas being removed.</summary>
        [Field("0+")]
        public List<int> RemovingReplicas { get; set; } = [];
    }
}
