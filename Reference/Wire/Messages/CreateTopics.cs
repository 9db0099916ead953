using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Creates topics.</summary>
/// <remarks>v1 adds validation only; v4 makes counts optional (KIP-464); v5 answers with the configuration (KIP-525); v7 with the topic id.</remarks>
[ApiMessage(ApiKey.CreateTopics, MessageKind.Request, "0-7", Flexible = "5+")]
public sealed partial record CreateTopicsRequest
{
    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<CreatableTopic> Topics { get; set; } = [];

    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>True to check without creating.</summary>
    [Field("1+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Creatable topic.</summary>
    public sealed partial record CreatableTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Number of partitions; -1 for the default or with assignments.</summary>
        [Field("0+")]
        public int NumPartitions { get; set; }

        /// <summary>Replicas per partition; -1 for the default or with assignments.</summary>
        [Field("0+")]
        public short ReplicationFactor { get; set; }

        /// <summary>Replicas by hand, or empty.</summary>
        [Field("0+")]
        public List<CreatableReplicaAssignment> Assignments { get; set; } = [];

        /// <summary>Configuration entries.</summary>
        [Field("0+")]
        public List<CreatableTopicConfig> Configs { get; set; } = [];
    }

    /// <summary>Creatable replica assignment.</summary>
    public sealed partial record CreatableReplicaAssignment
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Broker ids, preferred leader first.</summary>
        [Field("0+")]
        public List<int> BrokerIds { get; set; } = [];
    }

    /// <summary>Creatable topic config.</summary>
    public sealed partial record CreatableTopicConfig
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Configuration value, or null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Value { get; set; }
    }
}

/// <summary>Answers <see cref="CreateTopicsRequest"/>.</summary>
[ApiMessage(ApiKey.CreateTopics, MessageKind.Response, "0-7", Flexible = "5+")]
public sealed partial record CreateTopicsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<CreatableTopicResult> Topics { get; set; } = [];

    /// <summary>Creatable topic result.</summary>
    public sealed partial record CreatableTopicResult
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Topic id.</summary>
        [Field("7+", Ignorable = true)]
        public Uuid TopicId { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("1+", Nullable = "1+", Ignorable = true)]
        public string? ErrorMessage { get; set; }

        /// <summary>Why the configuration is missing.</summary>
        [Field("5+", Tag = 0, Ignorable = true)]
        public ErrorCode TopicConfigErrorCode { get; set; }

        /// <summary>Number of partitions; -1 for the default or with assignments.</summary>
        [Field("5+", Ignorable = true)]
        public int NumPartitions { get; set; } = -1;

        /// <summary>Replicas per partition; -1 for the default or with assignments.</summary>
        [Field("5+", Ignorable = true)]
        public short ReplicationFactor { get; set; } = -1;

        /// <summary>Configuration entries.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public List<CreatableTopicConfigs>? Configs { get; set; } = [];
    }

    /// <summary>Creatable topic configs.</summary>
    public sealed partial record CreatableTopicConfigs
    {
        /// <summary>Name.</summary>
        [Field("5+")]
        public string Name { get; set; } = "";

        /// <summary>Configuration value, or null.</summary>
        [Field("5+", Nullable = "5+")]
        public string? Value { get; set; }

        /// <summary>Whether it cannot be changed.</summary>
        [Field("5+")]
        public bool ReadOnly { get; set; }

        /// <summary>Where the value comes from.</summary>
        [Field("5+", Ignorable = true)]
        public sbyte ConfigSource { get; set; } = -1;

        /// <summary>Whether the value is hidden.</summary>
        [Field("5+")]
        public bool IsSensitive { get; set; }
    }
}
