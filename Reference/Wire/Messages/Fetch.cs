using System;
using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Reads record batches from partitions, for consumers and followers.</summary>
/// <remarks>v0-v1 answer with magic 0, v2-v3 with magic 1 at most, v4 with record batches v2; v7 adds fetch sessions (KIP-227), v9 fencing by leader epoch (KIP-320), v11 racks (KIP-392), v12 divergence detection (KIP-595). Topic ids (v13) are not offered; so the follower's broker epoch, which v15 brings as a tagged field (KIP-903), goes under the same tag in v12. Apache Kafka from 3.5 on refuses that tag there: the brokers of a cluster must all be this one.</remarks>
[ApiMessage(ApiKey.Fetch, MessageKind.Request, "0-12", Flexible = "12+")]
public sealed partial record FetchRequest
{
    /// <summary>Cluster id, or null.</summary>
    [Field("12+", Nullable = "12+", Tag = 0, Ignorable = true)]
    public string? ClusterId { get; set; }

    /// <summary>Broker id of a follower, -1 for a consumer.</summary>
    [Field("0-14")]
    public int ReplicaId { get; set; } = -1;

    /// <summary>Who the follower is and since when; default for a consumer.</summary>
    [Field("12+", Tag = 1, Ignorable = true)]
    public FollowerState ReplicaState { get; set; } = new();

    /// <summary>Longest wait for MinBytes, in milliseconds.</summary>
    [Field("0+")]
    public int MaxWaitMs { get; set; }

    /// <summary>Bytes that end the wait.</summary>
    [Field("0+")]
    public int MinBytes { get; set; }

    /// <summary>Bound on the whole answer in bytes; the first batch may exceed it (KIP-74).</summary>
    [Field("3+", Ignorable = true)]
    public int MaxBytes { get; set; } = int.MaxValue;

    /// <summary>0 reads uncommitted records, 1 committed ones only.</summary>
    [Field("4+", Ignorable = true)]
    public sbyte IsolationLevel { get; set; }

    /// <summary>Fetch session, or 0.</summary>
    [Field("7+", Ignorable = true)]
    public int SessionId { get; set; }

    /// <summary>Position in the session: 0 opens one, -1 uses none.</summary>
    [Field("7+", Ignorable = true)]
    public int SessionEpoch { get; set; } = -1;

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<FetchTopic> Topics { get; set; } = [];

    /// <summary>Partitions to drop from the session.</summary>
    [Field("7+")]
    public List<ForgottenTopic> ForgottenTopicsData { get; set; } = [];

    /// <summary>Rack of the consumer.</summary>
    [Field("11+", Ignorable = true)]
    public string RackId { get; set; } = "";

    /// <summary>A follower's incarnation (KIP-903).</summary>
    public sealed partial record FollowerState
    {
        /// <summary>Broker id, or -1.</summary>
        [Field("12+")]
        public int ReplicaId { get; set; } = -1;

        /// <summary>Epoch of the broker's registration, or -1.</summary>
        [Field("12+")]
        public long ReplicaEpoch { get; set; } = -1;
    }

    /// <summary>Fetch topic.</summary>
    public sealed partial record FetchTopic
    {
        /// <summary>Topic name.</summary>
        [Field("0-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<FetchPartition> Partitions { get; set; } = [];
    }

    /// <summary>Forgotten topic.</summary>
    public sealed partial record ForgottenTopic
    {
        /// <summary>Topic name.</summary>
        [Field("7-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("7+")]
        public List<int> Partitions { get; set; } = [];
    }

    /// <summary>Fetch partition.</summary>
    public sealed partial record FetchPartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>Leader epoch the sender believes in, or -1.</summary>
        [Field("9+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>First offset wanted.</summary>
        [Field("0+")]
        public long FetchOffset { get; set; }

        /// <summary>Leader epoch of the last record fetched, or -1.</summary>
        [Field("12+")]
        public int LastFetchedEpoch { get; set; } = -1;

        /// <summary>First offset of the log, or -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>Bound for this partition in bytes.</summary>
        [Field("0+")]
        public int PartitionMaxBytes { get; set; }
    }
}

/// <summary>Answers <see cref="FetchRequest"/>.</summary>
[ApiMessage(ApiKey.Fetch, MessageKind.Response, "0-12", Flexible = "12+")]
public sealed partial record FetchResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("7+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Fetch session, or 0.</summary>
    [Field("7+")]
    public int SessionId { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<FetchableTopicResponse> Responses { get; set; } = [];

    /// <summary>Fetchable topic response.</summary>
    public sealed partial record FetchableTopicResponse
    {
        /// <summary>Topic name.</summary>
        [Field("0-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Partition data.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>First offset that is not committed to all in-sync replicas.</summary>
        [Field("0+")]
        public long HighWatermark { get; set; }

        /// <summary>First offset of an undecided transaction, or -1.</summary>
        [Field("4+", Ignorable = true)]
        public long LastStableOffset { get; set; } = -1;

        /// <summary>First offset of the log, or -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>Where the logs part: largest epoch shared and its end.</summary>
        [Field("12+", Tag = 0)]
        public EpochEndOffset DivergingEpoch { get; set; } = new();

        /// <summary>Present leader, if the answering broker is not it.</summary>
        [Field("12+", Tag = 1)]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();

        /// <summary>Snapshot to fetch instead; unused without Raft.</summary>
        [Field("12+", Tag = 2)]
        public SnapshotId SnapshotId { get; set; } = new();

        /// <summary>Aborted transactions within the records, or null.</summary>
        [Field("4+", Nullable = "4+", Ignorable = true)]
        public List<AbortedTransaction>? AbortedTransactions { get; set; } = [];

        /// <summary>Replica the consumer should read from, or -1.</summary>
        [Field("11+")]
        public int PreferredReadReplica { get; set; } = -1;

        /// <summary>Record batches as borrowed bytes.</summary>
        [Field("0+", Nullable = "0+")]
        public ReadOnlyMemory<byte>? Records { get; set; }
    }

    /// <summary>Epoch end offset.</summary>
    public sealed partial record EpochEndOffset
    {
        /// <summary>Leader epoch, or -1.</summary>
        [Field("12+")]
        public int Epoch { get; set; } = -1;

        /// <summary>Offset after the last one of the epoch, or -1.</summary>
        [Field("12+")]
        public long EndOffset { get; set; } = -1;
    }

    /// <summary>Leader id and epoch.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>Broker id of the leader, or -1.</summary>
        [Field("12+")]
        public int LeaderId { get; set; } = -1;

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("12+")]
        public int LeaderEpoch { get; set; } = -1;
    }

    /// <summary>Snapshot id.</summary>
    public sealed partial record SnapshotId
    {
        /// <summary>Offset after the last one of the epoch, or -1.</summary>
        [Field("0+")]
        public long EndOffset { get; set; } = -1;

        /// <summary>Leader epoch, or -1.</summary>
        [Field("0+")]
        public int Epoch { get; set; } = -1;
    }

    /// <summary>Aborted transaction.</summary>
    public sealed partial record AbortedTransaction
    {
        /// <summary>Producer id, or -1.</summary>
        [Field("4+")]
        public long ProducerId { get; set; }

        /// <summary>First offset of the transaction.</summary>
        [Field("4+")]
        public long FirstOffset { get; set; }
    }
}
