using System;
using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Appends record batches to partitions.</summary>
/// <remarks>v3 carries record batches v2 and the transactional id (KIP-98); v7 admits zstd (KIP-110); v8 answers with per-record errors (KIP-467); v10 names the new leader (KIP-951). In v0-v2 the records are message sets of magic 0 or 1.</remarks>
[ApiMessage(ApiKey.Produce, MessageKind.Request, "0-10", Flexible = "9+")]
public sealed partial record ProduceRequest
{
    /// <summary>Transactional id, or null for a producer without transactions.</summary>
    [Field("3+", Nullable = "3+")]
    public string? TransactionalId { get; set; }

    /// <summary>Acknowledgements wanted: 0 none, 1 the leader, -1 all in-sync replicas.</summary>
    [Field("0+")]
    public short Acks { get; set; }

    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>Topics with data.</summary>
    [Field("0+")]
    public List<TopicProduceData> TopicData { get; set; } = [];

    /// <summary>Topic produce data.</summary>
    public sealed partial record TopicProduceData
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions with data.</summary>
        [Field("0+")]
        public List<PartitionProduceData> PartitionData { get; set; } = [];
    }

    /// <summary>Partition produce data.</summary>
    public sealed partial record PartitionProduceData
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int Index { get; set; }

        /// <summary>Record batches as borrowed bytes.</summary>
        [Field("0+", Nullable = "0+")]
        public ReadOnlyMemory<byte>? Records { get; set; }
    }
}

/// <summary>Answers <see cref="ProduceRequest"/>.</summary>
[ApiMessage(ApiKey.Produce, MessageKind.Response, "0-10", Flexible = "9+")]
public sealed partial record ProduceResponse
{
    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<TopicProduceResponse> Responses { get; set; } = [];

    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Where the named leaders listen.</summary>
    [Field("10+", Tag = 0)]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Topic produce response.</summary>
    public sealed partial record TopicProduceResponse
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("0+")]
        public List<PartitionProduceResponse> PartitionResponses { get; set; } = [];
    }

    /// <summary>Node endpoint.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>Broker id.</summary>
        [Field("10+")]
        public int NodeId { get; set; }

        /// <summary>Host name.</summary>
        [Field("10+")]
        public string Host { get; set; } = "";

        /// <summary>TCP port.</summary>
        [Field("10+")]
        public int Port { get; set; }

        /// <summary>Rack, or null.</summary>
        [Field("10+", Nullable = "10+")]
        public string? Rack { get; set; }
    }

    /// <summary>Partition produce response.</summary>
    public sealed partial record PartitionProduceResponse
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int Index { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Offset given to the first record.</summary>
        [Field("0+")]
        public long BaseOffset { get; set; }

        /// <summary>Broker time of the append in milliseconds, or -1 under create time.</summary>
        [Field("2+", Ignorable = true)]
        public long LogAppendTimeMs { get; set; } = -1;

        /// <summary>First offset of the log, or -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>Records that made the batch be refused.</summary>
        [Field("8+", Ignorable = true)]
        public List<BatchIndexAndErrorMessage> RecordErrors { get; set; } = [];

        /// <summary>Explanation for people, or null.</summary>
        [Field("8+", Nullable = "8+", Ignorable = true)]
        public string? ErrorMessage { get; set; }

        /// <summary>Present leader, if the answering broker is not it.</summary>
        [Field("10+", Tag = 0)]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();
    }

    /// <summary>Batch index and error message.</summary>
    public sealed partial record BatchIndexAndErrorMessage
    {
        /// <summary>Position of the record in its batch.</summary>
        [Field("8+")]
        public int BatchIndex { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("8+", Nullable = "8+")]
        public string? BatchIndexErrorMessage { get; set; }
    }

    /// <summary>Leader id and epoch.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>Broker id of the leader, or -1.</summary>
        [Field("10+")]
        public int LeaderId { get; set; } = -1;

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("10+")]
        public int LeaderEpoch { get; set; } = -1;
    }
}
