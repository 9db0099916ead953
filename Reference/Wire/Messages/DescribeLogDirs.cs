using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Asks a broker for its log directories and what stands in them (KIP-113).</summary>
/// <remarks>v1 is v0.</remarks>
[ApiMessage(ApiKey.DescribeLogDirs, MessageKind.Request, "0-1", Flexible = "none")]
public sealed partial record DescribeLogDirsRequest
{
    /// <summary>Partitions asked about by topic; null: all.</summary>
    [Field("0+", Nullable = "0+")]
    public List<DescribableLogDirTopic>? Topics { get; set; }

    /// <summary>Describable log dir topic.</summary>
    public sealed partial record DescribableLogDirTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>Partition numbers.</summary>
        [Field("0+")]
        public List<int> PartitionIndex { get; set; } = [];
    }
}

/// <summary>Answers <see cref="DescribeLogDirsRequest"/>.</summary>
[ApiMessage(ApiKey.DescribeLogDirs, MessageKind.Response, "0-1", Flexible = "none")]
public sealed partial record DescribeLogDirsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per log directory.</summary>
    [Field("0+")]
    public List<DescribeLogDirsResult> Results { get; set; } = [];

    /// <summary>Describe log dirs result.</summary>
    public sealed partial record DescribeLogDirsResult
    {
        /// <summary>KAFKA_STORAGE_ERROR if the directory is offline; <see cref="ErrorCode.None"/> otherwise.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Path of the directory.</summary>
        [Field("0+")]
        public string LogDir { get; set; } = "";

        /// <summary>The topics that have a log there.</summary>
        [Field("0+")]
        public List<DescribeLogDirsTopic> Topics { get; set; } = [];
    }

    /// <summary>Describe log dirs topic.</summary>
    public sealed partial record DescribeLogDirsTopic
    {
        /// <summary>Name.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>Partitions of the topic.</summary>
        [Field("0+")]
        public List<DescribeLogDirsPartition> Partitions { get; set; } = [];
    }

    /// <summary>Describe log dirs partition.</summary>
    public sealed partial record DescribeLogDirsPartition
    {
        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>Bytes of its segments.</summary>
        [Field("0+")]
        public long PartitionSize { get; set; }

        /// <summary>By how many offsets the log lacks what is known to be committed; of a future log, what it lacks of the present one.</summary>
        [Field("0+")]
        public long OffsetLag { get; set; }

        /// <summary>True for a log that is being copied from another directory and will take the present one's place.</summary>
        [Field("0+")]
        public bool IsFutureKey { get; set; }
    }
}
