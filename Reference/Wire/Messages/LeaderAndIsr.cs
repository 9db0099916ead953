using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Tells a broker which replicas it leads or follows.</summary>
/// <remarks>v1 adds IsNew, v2 groups by topic and adds the broker epoch (KIP-380), v3 reassignment (KIP-455). The broker epochs of the ISR are a tagged field of our own, which Kafka skips.</remarks>
[ApiMessage(ApiKey.LeaderAndIsr, MessageKind.Request, "0-4", Flexible = "4+")]
public sealed partial record LeaderAndIsrRequest
{
    /// <summary>Broker id of the controller, or -1.</summary>
    [Field("0+")]
    public int ControllerId { get; set; }

    /// <summary>Epoch of the controller.</summary>
    [Field("0+")]
    public int ControllerEpoch { get; set; }

    /// <summary>Epoch of the broker's registration, or -1.</summary>
    [Field("2+", Ignorable = true)]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>Partition states with topic names, in versions before grouping.</summary>
    [Field("0-1")]
    public List<LeaderAndIsrPartitionState> UngroupedPartitionStates { get; set; } = [];

    /// <summary>Partition states by topic.</summary>
    [Field("2+")]
    public List<LeaderAndIsrTopicState> TopicStates { get; set; } = [];

    /// <summary>Where the leaders listen.</summary>
    [Field("0+")]
    public List<LeaderAndIsrLiveLeader> LiveLeaders { get; set; } = [];

    /// <summary>Leader and isr partition state.</summary>
    public sealed partial record LeaderAndIsrPartitionState
    {
        /// <summary>Topic name.</summary>
        [Field("0-1", Ignorable = true)]
        public string TopicName { get; set; } = "";

        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Epoch of the controller.</summary>
        [Field("0+")]
        public int ControllerEpoch { get; set; }

        /// <summary>Broker id of the leader, or -1 for none.</summary>
        [Field("0+")]
        public int Leader { get; set; }

        /// <summary>Leader epoch, or -1 when unknown.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>Broker ids of the in-sync replicas.</summary>
        [Field("0+")]
        public List<int> Isr { get; set; } = [];

        /// <summary>Version of the partition's znode.</summary>
        [Field("0+")]
        public int ZkVersion { get; set; }

        /// <summary>Broker ids of all replicas.</summary>
        [Field("0+")]
        public List<int> Replicas { get; set; } = [];

        /// <summary>Replicas being added by a reassignment.</summary>
        [Field("3+", Ignorable = true)]
        public List<int> AddingReplicas { get; set; } = [];

        /// <summary>Replicas being removed by a reassignment.</summary>
        [Field("3+", Ignorable = true)]
        public List<int> RemovingReplicas { get; set; } = [];

        /// <summary>True when the replica is created now.</summary>
        [Field("1+", Ignorable = true)]
        public bool IsNew { get; set; }

        /// <summary>The epochs of the registrations in which the members of the ISR were found in sync, in its order; -1 where not known, empty if none is.</summary>
        [Field("4+", Tag = 0, Ignorable = true)]
        public List<long> IsrEpochs { get; set; } = [];
    }

    /// <summary>Leader and isr topic state.</summary>
    public sealed partial record LeaderAndIsrTopicState
    {
        /// <summary>Topic name.</summary>
        [Field("2+")]
        public string TopicName { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("2+")]
        public List<LeaderAndIsrPartitionState> PartitionStates { get; set; } = [];
    }

    /// <summary>Leader and isr live leader.</summary>
    public sealed partial record LeaderAndIsrLiveLeader
    {
        /// <summary>Broker id.</summary>
        [Field("0+")]
        public int BrokerId { get; set; }

        /// <summary>Host name.</summary>
        [Field("0+")]
        public string HostName { get; set; } = "";

        /// <summary>TCP port.</summary>
        [Field("0+")]
        public int Port { get; set; }
    }
}

/// <summary>Answers <see cref="LeaderAndIsrRequest"/>.</summary>
[ApiMessage(ApiKey.LeaderAndIsr, MessageKind.Response, "0-4", Flexible = "4+")]
public sealed partial record LeaderAndIsrResponse
{
    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>One entry per partition.</summary>
    [Field("0+")]
    public List<LeaderAndIsrPartitionError> PartitionErrors { get; set; } = [];

    /// <summary>Leader and isr partition error.</summary>
    public sealed partial record LeaderAndIsrPartitionError
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
