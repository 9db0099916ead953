using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Finds where a leader epoch ends, for truncation.</summary>
/// <remarks>v1 answers with the epoch found (KIP-279); v2 adds fencing (KIP-320); v3 the replica id.</remarks>
[ApiMessage(ApiKey.OffsetForLeaderEpoch, MessageKind.Request, "0-4", Flexible = "4+")]
public sealed partial record OffsetForLeaderEpochRequest
{
    /// <summary>Broker id of a follower, -1 for a consumer.</summary>
    [Field("3+", Ignorable = true)]
    public int ReplicaId { get; set; } = -2;

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<OffsetForLeaderTopic> Topics { get; set; } = [];

    /// <summary>Offset for leader topic.</summary>
    public sealed partial record OffsetForLeaderTopic
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<OffsetForLeaderPartition> Partitions { get; set; } = [];
    }

    /// <summary>Offset for leader partition.</summary>
    public sealed partial record OffsetForLeaderPartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>Leader epoch the sender believes in, or -1.</summary>
        [Field("2+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }
}

/// <summary>Answers <see cref="OffsetForLeaderEpochRequest"/>.</summary>
[ApiMessage(ApiKey.OffsetForLeaderEpoch, MessageKind.Response, "0-4", Flexible = "4+")]
public sealed partial record OffsetForLeaderEpochResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<OffsetForLeaderTopicResult> Topics { get; set; } = [];

    /// <summary>Offset for leader topic result.</summary>
    public sealed partial record OffsetForLeaderTopicResult
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<EpochEndOffset> Partitions { get; set; } = [];
    }

    /// <summary>Epoch end offset.</summary>
    public sealed partial record EpochEndOffset
    {
        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("1+", Ignorable = true)]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>Offset after the last one of the epoch, or -1.</summary>
        [Field("0+")]
        public long EndOffset { get; set; } = -1;
    }
}
