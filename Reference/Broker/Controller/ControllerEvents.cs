using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>What the controller's one queue holds. Events of a reign that is over when their turn comes are dropped.</summary>
internal abstract record ControllerEvent
{
    /// <summary>The broker has started.</summary>
    public sealed record Startup : ControllerEvent;

    /// <summary>/controller was created or set.</summary>
    public sealed record ControllerChange : ControllerEvent;

    /// <summary>/controller has gone.</summary>
    public sealed record Reelect : ControllerEvent;

    /// <summary>A new session stands after an expiry.</summary>
    public sealed record SessionEstablished : ControllerEvent;

    /// <summary>A session has expired; only wakes the queue.</summary>
    public sealed record SessionExpired : ControllerEvent;

    /// <summary>A broker asks to be relieved of its leaders.</summary>
    public sealed record ControlledShutdown(int BrokerId, long BrokerEpoch, LoopPromise<ControlledShutdownResponse> Answer) : ControllerEvent;
}

/// <summary>An event that concerns one reign.</summary>
internal abstract record ReignEvent : ControllerEvent
{
    /// <summary>The set of registered brokers changed.</summary>
    public sealed record BrokerChange : ReignEvent;

    /// <summary>The set of topics changed.</summary>
    public sealed record TopicChange : ReignEvent;

    /// <summary>A topic's assignment changed.</summary>
    public sealed record PartitionModifications(string Topic) : ReignEvent;

    /// <summary>The set of topics to delete changed.</summary>
    public sealed record TopicDeletion : ReignEvent;

    /// <summary>Leaders have changed ISRs.</summary>
    public sealed record IsrChangeNotification : ReignEvent;

    /// <summary>A broker answered LeaderAndIsr.</summary>
    public sealed record LeaderAndIsrResponseReceived(int BrokerId, LeaderAndIsrResponse Response) : ReignEvent;

    /// <summary>A broker answered StopReplica with deletion.</summary>
    public sealed record ReplicasDeleted(int BrokerId, ErrorCode Error, IReadOnlyList<(TopicPartition Partition, ErrorCode Error)> Partitions) : ReignEvent;

    /// <summary>Time to look whether leaders have strayed from the preferred replicas.</summary>
    public sealed record PreferredLeaderBalance : ReignEvent;
}
