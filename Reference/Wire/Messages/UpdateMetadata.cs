using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Spreads cluster metadata from the controller to every broker.</summary>
/// <remarks>
/// <see cref="Type"/> exists in Kafka from v8 on (KIP-866), as tagged field 0. Here it travels with v6 already: a peer that does not know
/// it skips the tag, and one that does not send it sends increments.
/// v1 allows several endpoints per broker, v2 racks, v3 listener names, v4 offline replicas; v5 groups by topic and adds the broker epoch.
/// </remarks>
[ApiMessage(ApiKey.UpdateMetadata, MessageKind.Request, "0-6", Flexible = "6+")]
public sealed partial record UpdateMetadataRequest
{
    /// <summary>Broker id of the controller, or -1.</summary>
    [Field("0+")]
    public int ControllerId { get; set; }

    /// <summary>Epoch of the controller.</summary>
    [Field("0+")]
    public int ControllerEpoch { get; set; }

    /// <summary>Whether this is all there is (<see cref="FullUpdate"/>): partitions that it does not name are gone. 0: not said; 1: an increment.</summary>
    [Field("6+", Tag = 0, Ignorable = true)]
    public sbyte Type { get; set; }

    /// <summary><see cref="Type"/> of a request that names every partition.</summary>
    public const sbyte FullUpdate = 2;

    /// <summary>Epoch of the broker's registration, or -1.</summary>
    [Field("5+", Ignorable = true)]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>Partition states with topic names, in versions before grouping.</summary>
    [Field("0-4")]
    public List<UpdateMetadataPartitionState> UngroupedPartitionStates { get; set; } = [];

    /// <summary>Partition states by topic.</summary>
    [Field("5+")]
    public List<UpdateMetadataTopicState> TopicStates { get; set; } = [];

    /// <summary>Brokers that are alive.</summary>
    [Field("0+")]
    public List<UpdateMetadataBroker> LiveBrokers { get; set; } = [];

    /// <summary>Update metadata partition state.</summary>
    public sealed partial record UpdateMetadataPartitionState
    {
        /// <summary>Topic name.</summary>
        [Field("0-4", Ignorable = true)]
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

        /// <summary>Broker ids of replicas that are offline.</summary>
        [Field("4+", Ignorable = true)]
        public List<int> OfflineReplicas { get; set; } = [];
    }

    /// <summary>Update metadata topic state.</summary>
    public sealed partial record UpdateMetadataTopicState
    {
        /// <summary>Topic name.</summary>
        [Field("5+")]
        public string TopicName { get; set; } = "";

        /// <summary>One entry per partition.</summary>
        [Field("5+")]
        public List<UpdateMetadataPartitionState> PartitionStates { get; set; } = [];
    }

    /// <summary>Update metadata broker.</summary>
    public sealed partial record UpdateMetadataBroker
    {
        /// <summary>Broker id.</summary>
        [Field("0+")]
        public int Id { get; set; }

        /// <summary>Host name in version 0.</summary>
        [Field("0", Ignorable = true)]
        public string V0Host { get; set; } = "";

        /// <summary>Port in version 0.</summary>
        [Field("0", Ignorable = true)]
        public int V0Port { get; set; }

        /// <summary>Listeners of the broker.</summary>
        [Field("1+", Ignorable = true)]
        public List<UpdateMetadataEndpoint> Endpoints { get; set; } = [];

        /// <summary>Rack, or null.</summary>
        [Field("2+", Nullable = "2+", Ignorable = true)]
        public string? Rack { get; set; }
    }

    /// <summary>Update metadata endpoint.</summary>
    public sealed partial record UpdateMetadataEndpoint
    {
        /// <summary>TCP port.</summary>
        [Field("1+")]
        public int Port { get; set; }

        /// <summary>Host name.</summary>
        [Field("1+")]
        public string Host { get; set; } = "";

        /// <summary>Listener name.</summary>
        [Field("3+", Ignorable = true)]
        public string Listener { get; set; } = "";

        /// <summary>0 plaintext, 1 TLS, 2 SASL, 3 SASL over TLS.</summary>
        [Field("1+")]
        public short SecurityProtocol { get; set; }
    }
}

/// <summary>Answers <see cref="UpdateMetadataRequest"/>.</summary>
[ApiMessage(ApiKey.UpdateMetadata, MessageKind.Response, "0-6", Flexible = "6+")]
public sealed partial record UpdateMetadataResponse
{
    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }
}
