using System.Collections.Generic;

namespace Reference.Clients.Consuming;

/// <summary>What a partition needs before the next fetch.</summary>
internal enum PartitionPhase
{
    /// <summary>A position: it is asked for by <see cref="PartitionState.ResetTo"/>.</summary>
    NeedsPosition,

    /// <summary>Proof that the log was not cut below the position: the leader has changed (KIP-320).</summary>
    NeedsValidation,

    /// <summary>Nothing: it can be fetched.</summary>
    Fetching,

    /// <summary>The application's decision: its failure is thrown by the next poll.</summary>
    Failed,
}

/// <summary>
/// One assigned partition. Every seek begins a new <see cref="Generation"/>; what was asked for in an older one is dropped when it
/// arrives.
/// </summary>
internal sealed class PartitionState(TopicPartition partition, OffsetReset resetTo)
{
    public TopicPartition Partition { get; } = partition;

    /// <summary>Counts seeks.</summary>
    public int Generation { get; private set; }

    public PartitionPhase Phase { get; set; } = PartitionPhase.NeedsPosition;

    /// <summary>Where a reset goes: log start, log end, or nowhere.</summary>
    public OffsetReset ResetTo { get; private set; } = resetTo;

    /// <summary>The next offset to be given to the application; meaningless without one.</summary>
    public long Position { get; private set; }

    /// <summary>Leader epoch of the record before the position, or -1.</summary>
    public int PositionEpoch { get; private set; } = -1;

    /// <summary>The leader's epoch under which the position was last known to be valid, or -1.</summary>
    public int LeaderEpoch { get; set; } = -1;

    public bool IsPaused { get; set; }

    /// <summary>True while a request concerning it is under way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>No request before this instant: the last one failed.</summary>
    public long NotBeforeMicros { get; set; }

    /// <summary>The replica that the leader has named as closer (KIP-392); -1 for none.</summary>
    public int PreferredReplica { get; private set; } = -1;

    /// <summary>Until when to read there before the leader is asked again.</summary>
    public long PreferredUntilMicros { get; private set; }

    /// <summary>Thrown by the next poll.</summary>
    public KafkaException? Failure { get; private set; }

    /// <summary>Fetched and not yet given to the application.</summary>
    public Queue<ConsumerRecord> Buffered { get; } = new();

    /// <summary>Counts arrivals over all partitions: what came first is given first.</summary>
    public long Arrival { get; set; }

    /// <summary>Where to go on when <see cref="Buffered"/> is empty: beyond control batches and holes.</summary>
    public (long Offset, int Epoch) AfterBuffered { get; set; }

    /// <summary>The leader's high watermark as last told, or -1.</summary>
    public long HighWatermark { get; set; } = -1;

    public bool HasPosition => Phase is PartitionPhase.Fetching or PartitionPhase.NeedsValidation;

    public void SeekTo(long offset, int epoch)
    {
        BeginGeneration();
        (Position, PositionEpoch) = (offset, epoch);
        Phase = epoch >= 0 ? PartitionPhase.NeedsValidation : PartitionPhase.Fetching;
        LeaderEpoch = -1;
    }

    public void NeedReset(OffsetReset to)
    {
        BeginGeneration();
        ResetTo = to;
        Phase = PartitionPhase.NeedsPosition;
    }

    public void Fail(KafkaException failure)
    {
        Failure = failure;
        Phase = PartitionPhase.Failed;
    }

    /// <summary>Reads from a replica until an instant.</summary>
    public void Prefer(int replica, long untilMicros) => (PreferredReplica, PreferredUntilMicros) = (replica, untilMicros);

    /// <summary>Reads from the leader again; true if it did not before.</summary>
    public bool ReturnToLeader()
    {
        var was = PreferredReplica;
        PreferredReplica = -1;
        return was >= 0;
    }

    /// <summary>The application has consumed up to here.</summary>
    public void Advance(long position, int epoch) => (Position, PositionEpoch) = (position, epoch);

    private void BeginGeneration()
    {
        Generation++;
        PreferredReplica = -1;
        IsBusy = false;
        NotBeforeMicros = 0;
        Failure = null;
        Buffered.Clear();
    }
}
