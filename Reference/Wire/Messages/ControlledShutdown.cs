using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>A broker asks the controller to move leaders away before it stops.</summary>
/// <remarks>v0 travels with a header without client id; v2 adds the broker epoch.</remarks>
[ApiMessage(ApiKey.ControlledShutdown, MessageKind.Request, "0-3", Flexible = "3+")]
public sealed partial record ControlledShutdownRequest
{
    /// <summary>Broker id.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>Epoch of the broker's registration, or -1.</summary>
    [Field("2+", Ignorable = true)]
    public long BrokerEpoch { get; set; } = -1;
}

/// <summary>Answers <see cref="ControlledShutdownRequest"/>.</summary>
[ApiMessage(ApiKey.ControlledShutdown, MessageKind.Response, "0-3", Flexible = "3+")]
public sealed partial record ControlledShutdownResponse
{
    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Partitions that the broker still leads.</summary>
    [Field("0+")]
    public List<RemainingPartition> RemainingPartitions { get; set; } = [];

    /// <summary>Remaining partition.</summary>
    public sealed partial record RemainingPartition
    {
        /// <summary>Topic name.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>Partition number.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}
