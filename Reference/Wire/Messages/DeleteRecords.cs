using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Deletes the records below an offset (KIP-107).</summary>
/// <remarks>v1 is v0; v2 is flexible.</remarks>
[ApiMessage(ApiKey.DeleteRecords, MessageKind.Request, "0-2", Flexible = "2+")]
public sealed partial record DeleteRecordsRequest
{
    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<DeleteRecordsTopic> Topics { get; set; } = [];

    /// <summary>How long the broker may wait for the followers, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>Delete records topic.</summary>
    public sealed partial record DeleteRecordsTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<DeleteRecordsPartition> Partitions { get; set; } = [];
    }

    /// <summary>Delete records partition.</summary>
    public sealed partial record DeleteRecordsPartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>The first offset that stays; -1 for the high watermark.</summary>
        [Field("0+")]
        public long Offset { get; set; }
    }
}

/// <summary>Answers <see cref="DeleteRecordsRequest"/>.</summary>
[ApiMessage(ApiKey.DeleteRecords, MessageKind.Response, "0-2", Flexible = "2+")]
public sealed partial record DeleteRecordsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<DeleteRecordsTopicResult> Topics { get; set; } = [];

    /// <summary>Delete records topic result.</summary>
    public sealed partial record DeleteRecordsTopicResult
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<DeleteRecordsPartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Delete records partition result.</summary>
    public sealed partial record DeleteRecordsPartitionResult
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>The least log start offset of all live replicas; -1 after an error.</summary>
        [Field("0+")]
        public long LowWatermark { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}
