using System;
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

    /// <summary>Somebody asks the controller for something and waits for its answer.</summary>
    public abstract record Request : ControllerEvent
    {
        /// <summary>Answers.</summary>
        public abstract LoopTask Serve(ControllerReign reign);

        /// <summary>Refuses, unless it has been answered.</summary>
        public abstract void Refuse();
    }

    /// <summary>A request with an answer of some type.</summary>
    public sealed record Request<T>(Func<ControllerReign, LoopTask<T>> Work, T Refusal) : Request
    {
        /// <summary>The answer, or the refusal.</summary>
        public LoopPromise<T> Answer { get; } = new();

        /// <inheritdoc/>
        public override async LoopTask Serve(ControllerReign reign) => Answer.TrySetResult(await Work(reign));

        /// <inheritdoc/>
        public override void Refuse() => Answer.TrySetResult(Refusal);
    }
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
    public sealed record LeaderAndIsrResponseReceived(int BrokerId, long BrokerEpoch, LeaderAndIsrResponse Response) : ReignEvent;

    /// <summary>A broker answered StopReplica with deletion.</summary>
    public sealed record ReplicasDeleted(int BrokerId, long BrokerEpoch, IReadOnlyList<(TopicPartition Partition, ErrorCode Error)> Partitions) : ReignEvent;

    /// <summary>Tools have written wishes for reassignments.</summary>
    public sealed record PartitionReassignment : ReignEvent;

    /// <summary>The state of a partition that is being reassigned has changed.</summary>
    public sealed record ReassignmentIsrChange(TopicPartition Partition) : ReignEvent;

    /// <summary>Tools have asked for preferred leaders.</summary>
    public sealed record PreferredLeaderElection : ReignEvent;

    /// <summary>A topic's options have changed, so that an unclean leader may be elected now.</summary>
    public sealed record TopicConfigChange(string Topic) : ReignEvent;

    /// <summary>The options of brokers have changed, so that unclean leaders may be elected now.</summary>
    public sealed record BrokerOptionsChange : ReignEvent;

    /// <summary>A log directory of a broker has failed.</summary>
    public sealed record LogDirEvent : ReignEvent;

    /// <summary>Time to look whether leaders have strayed from the preferred replicas.</summary>
    public sealed record PreferredLeaderBalance : ReignEvent;
}
