using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Describes brokers, topics and partitions.</summary>
/// <remarks>In v0 an empty list asks for all topics, from v1 null does and the empty list asks for none; v4 controls auto-creation; v7 adds leader epochs; v10 topic ids (KIP-516), by which v12 can ask.</remarks>
[ApiMessage(ApiKey.Metadata, MessageKind.Request, "0-12", Flexible = "9+")]
public sealed partial record MetadataRequest
{
    /// <summary>One entry per topic.</summary>
    [Field("0+", Nullable = "1+")]
    public List<MetadataRequestTopic>? Topics { get; set; } = [];

    /// <summary>Whether asking may create a topic.</summary>
    [Field("4+")]
    public bool AllowAutoTopicCreation { get; set; } = true;

    /// <summary>Whether to answer with the allowed cluster operations.</summary>
    [Field("8-10")]
    public bool IncludeClusterAuthorizedOperations { get; set; }

    /// <summary>Whether to answer with the allowed topic operations.</summary>
    [Field("8+")]
    public bool IncludeTopicAuthorizedOperations { get; set; }

    /// <summary>Metadata request topic.</summary>
    public sealed partial record MetadataRequestTopic
    {
        /// <summary>Topic id.</summary>
        [Field("10+", Ignorable = true)]
        public Uuid TopicId { get; set; }

        /// <summary>Name.</summary>
        [Field("0+", Nullable = "10+")]
        public string? Name { get; set; }
    }
}

/// <summary>Answers <see cref="MetadataRequest"/>.</summary>
[ApiMessage(ApiKey.Metadata, MessageKind.Response, "0-12", Flexible = "9+")]
public sealed partial record MetadataResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("3+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Live brokers.</summary>
    [Field("0+")]
    public List<MetadataResponseBroker> Brokers { get; set; } = [];

    /// <summary>Cluster id, or null.</summary>
    [Field("2+", Nullable = "2+", Ignorable = true)]
    public string? ClusterId { get; set; }

    /// <summary>Broker id of the controller, or -1.</summary>
    [Field("1+", Ignorable = true)]
    public int ControllerId { get; set; } = -1;

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<MetadataResponseTopic> Topics { get; set; } = [];

    /// <summary>Bit set of allowed operations; the least int when not asked for.</summary>
    [Field("8-10")]
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;

    /// <summary>Metadata response broker.</summary>
    public sealed partial record MetadataResponseBroker
    {
        /// <summary>Broker id.</summary>
        [Field("0+")]
        public int NodeId { get; set; }

        /// <summary>Host name.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>TCP port.</summary>
        [Field("0+")]
        public int Port { get; set; }

        /// <summary>Rack, or null.</summary>
        [Field("1+", Nullable = "1+", Ignorable = true)]
        public string? Rack { get; set; }
    }

    /// <summary>Metadata response topic.</summary>
    public sealed partial record MetadataResponseTopic
    {
        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Name.</summary>
        [Field("0+", Nullable = "12+")]
        public string? Name { get; set; }

        /// <summary>Topic id.</summary>
        [Field("10+", Ignorable = true)]
        public Uuid TopicId { get; set; }

        /// <summary>True for topics of the cluster itself.</summary>
        [Field("1+", Ignorable = true)]
        public bool IsInternal { get; set; }

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<MetadataResponsePartition> Partitions { get; set; } = [];

        /// <summary>Bit set of allowed operations; the least int when not asked for.</summary>
        [Field("8+")]
        public int TopicAuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Metadata response partition.</summary>
    public sealed partial record MetadataResponsePartition
    {
        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Broker id of the leader, or -1.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("7+", Ignorable = true)]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>Broker ids of all replicas.</summary>
        [Field("0+")]
        public List<int> ReplicaNodes { get; set; } = [];

        /// <summary>Broker ids of the in-sync replicas.</summary>
        [Field("0+")]
        public List<int> IsrNodes { get; set; } = [];

        /// <summary>Broker ids of replicas that are offline.</summary>
        [Field("5+", Ignorable = true)]
        public List<int> OfflineReplicas { get; set; } = [];
    }
}
