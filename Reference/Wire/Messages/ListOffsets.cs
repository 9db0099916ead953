using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Finds the offset for a timestamp, or the first and last ones.</summary>
/// <remarks>v0 answers with a list of segment offsets, v1 with one offset and its timestamp; v4 adds fencing; v7 the record of greatest timestamp (KIP-734).</remarks>
[ApiMessage(ApiKey.ListOffsets, MessageKind.Request, "0-7", Flexible = "6+")]
public sealed partial record ListOffsetsRequest
{
    /// <summary>Broker id of a follower, -1 for a consumer.</summary>
    [Field("0+")]
    public int ReplicaId { get; set; }

    /// <summary>0 reads uncommitted records, 1 committed ones only.</summary>
    [Field("2+")]
    public sbyte IsolationLevel { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<ListOffsetsTopic> Topics { get; set; } = [];

    /// <summary>List offsets topic.</summary>
    public sealed partial record ListOffsetsTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<ListOffsetsPartition> Partitions { get; set; } = [];
    }

    /// <summary>List offsets partition.</summary>
    public sealed partial record ListOffsetsPartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Leader epoch the sender believes in, or -1.</summary>
        [Field("4+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>Timestamp in milliseconds; -1 the end, -2 the start, -3 the greatest timestamp when asked for.</summary>
        [Field("0+")]
        public long Timestamp { get; set; }

        /// <summary>Most offsets to list.</summary>
        [Field("0")]
        public int MaxNumOffsets { get; set; } = 1;
    }
}

/// <summary>Answers <see cref="ListOffsetsRequest"/>.</summary>
[ApiMessage(ApiKey.ListOffsets, MessageKind.Response, "0-7", Flexible = "6+")]
public sealed partial record ListOffsetsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<ListOffsetsTopicResponse> Topics { get; set; } = [];

    /// <summary>List offsets topic response.</summary>
    public sealed partial record ListOffsetsTopicResponse
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<ListOffsetsPartitionResponse> Partitions { get; set; } = [];
    }

    /// <summary>List offsets partition response.</summary>
    public sealed partial record ListOffsetsPartitionResponse
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Offsets, last first.</summary>
        [Field("0")]
        public List<long> OldStyleOffsets { get; set; } = [];

        /// <summary>Timestamp in milliseconds; -1 the end, -2 the start, -3 the greatest timestamp when asked for.</summary>
        [Field("1+")]
        public long Timestamp { get; set; } = -1;

        /// <summary>Offset found, or -1.</summary>
        [Field("1+")]
        public long Offset { get; set; } = -1;

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("4+")]
        public int LeaderEpoch { get; set; } = -1;
    }
}
