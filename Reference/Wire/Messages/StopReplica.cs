using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Tells a broker to stop, and perhaps delete, replicas.</summary>
/// <remarks>v1 groups by topic and adds the broker epoch; v3 decides deletion per partition and fences by leader epoch (KIP-570).</remarks>
[ApiMessage(ApiKey.StopReplica, MessageKind.Request, "0-3", Flexible = "2+")]
public sealed partial record StopReplicaRequest
{
    /// <summary>Broker id of the controller, or -1.</summary>
    [Field("0+")]
    public int ControllerId { get; set; }

    /// <summary>Epoch of the controller.</summary>
    [Field("0+")]
    public int ControllerEpoch { get; set; }

    /// <summary>Epoch of the broker's registration, or -1.</summary>
    [Field("1+", Ignorable = true)]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>Whether the data is deleted too.</summary>
    [Field("0-2")]
    public bool DeletePartitions { get; set; }

    /// <summary>Partitions with topic names, in the version before grouping.</summary>
    [Field("0")]
    public List<StopReplicaPartitionV0> UngroupedPartitions { get; set; } = [];

    /// <summary>One entry per topic.</summary>
    [Field("1-2")]
    public List<StopReplicaTopicV1> Topics { get; set; } = [];

    /// <summary>Partition states by topic.</summary>
    [Field("3+")]
    public List<StopReplicaTopicState> TopicStates { get; set; } = [];

    /// <summary>Stop replica partition v0.</summary>
    public sealed partial record StopReplicaPartitionV0
    {
        /// <summary>Topic name.</summary>
        [Field("0")]
        public string TopicName { get; set; } = "";

        /// <summary>Partition number.</summary>
        [Field("0")]
        public int PartitionIndex { get; set; }
    }

    /// <summary>Stop replica topic v1.</summary>
    public sealed partial record StopReplicaTopicV1
    {
        /// <summary>Name.</summary>
        [Field("1-2")]
        public string Name { get; set; } = "";

        /// <summary>Partition numbers.</summary>
        [Field("1-2")]
        public List<int> PartitionIndexes { get; set; } = [];
    }

    /// <summary>Stop replica topic state.</summary>
    public sealed partial record StopReplicaTopicState
    {
        /// <summary>Topic name.</summary>
        [Field("3+")]
        public string TopicName { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("3+")]
        public List<StopReplicaPartitionState> PartitionStates { get; set; } = [];
    }

    /// <summary>Stop replica partition state.</summary>
    public sealed partial record StopReplicaPartitionState
    {
        /// <summary>Partition number.</summary>
        [Field("3+")]
        public int PartitionIndex { get; set; }

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("3+")]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>Whether the data is deleted too.</summary>
        [Field("3+")]
        public bool DeletePartition { get; set; }
    }
}

/// <summary>Answers <see cref="StopReplicaRequest"/>.</summary>
[ApiMessage(ApiKey.StopReplica, MessageKind.Response, "0-3", Flexible = "2+")]
public sealed partial record StopReplicaResponse
{
    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>One entry per partition.</summary>
    [Field("0+")]
    public List<StopReplicaPartitionError> PartitionErrors { get; set; } = [];

    /// <summary>Stop replica partition error.</summary>
    public sealed partial record StopReplicaPartitionError
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}
