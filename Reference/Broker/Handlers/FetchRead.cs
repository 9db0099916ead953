using System;
using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Reference.Wire.Records.Legacy;
using Simulator.Platform;
using PartitionData = Reference.Wire.Messages.FetchResponse.PartitionData;

namespace Reference.Broker.Handlers;

/// <summary>
/// One pass over the partitions of a fetch. What a consumer or follower may see is fixed before the first await; after each read
/// the replica is asked again whether it still leads in the same term, or the bytes are not given out. Only the first pass says how far
/// a follower has come: in a later one its fetch is old, and the follower may have restarted since.
/// </summary>
internal sealed class FetchRead(
    BrokerServices services,
    FetchRequest request,
    IReadOnlyList<(TopicPartition Id, FetchRequest.FetchPartition Asked)> partitions,
    short version,
    bool isFirst)
{
    private const short FirstWithResponseBound = 3;
    private const short FirstWithBatches = 4;
    private const short FirstWithZstd = 10;
    private const short FirstWithRacks = 11;
    private const int Consumer = -1;

    private readonly List<FetchView> _views = [];
    private readonly List<(TopicPartition Id, PartitionData Data)> _answers = [];
    private long _budget = Math.Min(request.MaxBytes, services.Config.FetchMaxBytes);

    /// <summary>The answers, in the order of the partitions.</summary>
    public IReadOnlyList<(TopicPartition Id, PartitionData Data)> Answers => _answers;

    /// <summary>Bytes of records read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Those of them that count for the leader's quota.</summary>
    public long ThrottledBytes { get; private set; }

    /// <summary>True if the answer must not wait: an error, a divergence, or nothing asked for.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>What was seen of the partitions, to wait for a change.</summary>
    public IReadOnlyList<FetchView> Views => _views;

    private bool IsFollower => request.ReplicaId >= 0;

    /// <summary>Who knows of racks may be at any replica (KIP-392); followers and older consumers need the leader.</summary>
    private bool NeedsLeader => IsFollower || (request.ReplicaId == Consumer && version < FirstWithRacks);

    /// <summary>Followers that serve consumers are told of a higher high watermark at once; others with the next records.</summary>
    private bool TellsHighWatermark => IsFollower && services.Config.ReplicaSelector != ReplicaSelector.Leader;

    /// <summary>Reads.</summary>
    public async LoopTask Run()
    {
        IsUrgent = partitions.Count == 0;
        foreach (var (id, asked) in partitions) _answers.Add((id, await Read(id, asked)));
    }

    private async LoopTask<PartitionData> Read(TopicPartition id, FetchRequest.FetchPartition asked)
    {
        try
        {
            var partition = services.Replicas.Find(id);
            partition.EnsureServes(asked.CurrentLeaderEpoch, NeedsLeader);
            return await Read(partition, asked);
        }
        catch (ReplicaException e)
        {
            IsUrgent |= e.Code != ErrorCode.OffsetNotAvailable; // that may come while the fetch waits
            return Failed(asked, e.Code);
        }
        catch (StorageException e)
        {
            IsUrgent = true;
            return Failed(asked, e.Code);
        }
    }

    private async LoopTask<PartitionData> Read(Partition partition, FetchRequest.FetchPartition asked)
    {
        var view = FetchView.Of(partition, IsFollower || request.ReplicaId == DebugConsumer, TellsHighWatermark);
        _views.Add(view);
        if (request.ReplicaId == Consumer)
        {
            if (ReferredTo(partition, asked) is { } closer) return closer;
            partition.EnsureCommittedHere(asked.FetchOffset);
        }

        if (Divergence(partition, asked) is { } diverging)
        {
            IsUrgent = true;
            return Answer(partition, asked) with { DivergingEpoch = diverging };
        }

        var heldBack = IsFollower && partition.HoldsBack(request.ReplicaId);
        var maxBytes = heldBack ? 0 : (int)Math.Clamp(Math.Min(asked.PartitionMaxBytes, _budget), 0, int.MaxValue);
        if (services.Node.Buggify("fetch-answers-short")) maxBytes /= 16;
        var firstMayExceed = version >= FirstWithResponseBound && Bytes == 0 && !heldBack;
        var answer = Answer(partition, asked);
        var cuts = partition.Log.Cuts;
        var read = await partition.Log.ReadUpTo(asked.FetchOffset, maxBytes, view.End, firstMayExceed);
        var records = await partition.Log.Directory.Guard(read.Slice.ReadAll());
        partition.EnsureServes(asked.CurrentLeaderEpoch, NeedsLeader);
        EnsureUnchanged(partition, view, cuts);
        if (IsFollower && !Notes(partition, asked, read.LogEndOffset)) records = default;
        if (IsFollower && isFirst) partition.FollowerStartsAt(request.ReplicaId, asked.LogStartOffset);
        if (TellsHighWatermark && partition.Leadership?.Follower(request.ReplicaId) is { } told) IsUrgent |= told.Tell(answer.HighWatermark);
        records = Suit(partition, records, asked.FetchOffset);
        Bytes += records.Length;
        _budget -= records.Length;
        if (IsFollower && partition.IsThrottledAsLeader) ThrottledBytes += records.Length;
        answer.Records = records;
        return answer;
    }

    /// <summary>A leader's records stay while its term lasts; a follower's may be cut whenever it follows another.</summary>
    private static void EnsureUnchanged(Partition partition, FetchView before, int cuts)
    {
        if (partition.Term == before.Term && (partition.IsLeader || (partition.LeaderEpoch == before.LeaderEpoch && partition.Log.Cuts == cuts))) return;
        throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"The leadership of {partition.Id} changed during a read.");
    }

    /// <summary>No records, but the name of a replica closer to the consumer, if there is one.</summary>
    private PartitionData? ReferredTo(Partition partition, FetchRequest.FetchPartition asked)
    {
        if (version < FirstWithRacks || request.RackId.Length == 0 || partition.PreferredReadReplica(request.RackId, asked.FetchOffset) is not { } closer) return null;
        IsUrgent = true;
        return Answer(partition, asked) with { PreferredReadReplica = closer };
    }

    private bool Notes(Partition partition, FetchRequest.FetchPartition asked, long leaderEnd) => isFirst
        ? partition.FollowerFetched(request.ReplicaId, asked.FetchOffset, leaderEnd, asked.LogStartOffset, request.ReplicaState.ReplicaEpoch)
        : partition.Leadership?.Follower(request.ReplicaId) is not null;

    private PartitionData Answer(Partition partition, FetchRequest.FetchPartition asked) => new()
    {
        PartitionIndex = asked.Partition,
        HighWatermark = partition.HighWatermark,
        LastStableOffset = version >= FirstWithBatches ? partition.HighWatermark : -1,
        LogStartOffset = partition.Log.LogStartOffset,
        AbortedTransactions = request.IsolationLevel == 0 ? null : [],
        Records = ReadOnlyMemory<byte>.Empty,
    };

    private static PartitionData Failed(FetchRequest.FetchPartition asked, ErrorCode error)
    {
        return new PartitionData
        {
            PartitionIndex = asked.Partition,
            ErrorCode = error,
            HighWatermark = -1,
            AbortedTransactions = null,
            Records = ReadOnlyMemory<byte>.Empty,
        };
    }

    /// <summary>Where a reader's log and this one part ways, when it says what epoch it read last (v12).</summary>
    private static FetchResponse.EpochEndOffset? Divergence(Partition partition, FetchRequest.FetchPartition asked)
    {
        if (asked.LastFetchedEpoch < 0) return null;
        var end = partition.Log.EndOffsetForEpoch(asked.LastFetchedEpoch);
        if (end.Epoch < 0) throw new ReplicaException(ErrorCode.OffsetOutOfRange, $"{partition.Id} does not know leader epoch {asked.LastFetchedEpoch}.");
        return end.Epoch < asked.LastFetchedEpoch || end.Offset < asked.FetchOffset
            ? new FetchResponse.EpochEndOffset { Epoch = end.Epoch, EndOffset = end.Offset }
            : null;
    }

    /// <summary>Brings records into a form that the version can carry.</summary>
    private ReadOnlyMemory<byte> Suit(Partition partition, ReadOnlyMemory<byte> records, long fetchOffset)
    {
        if (version >= FirstWithZstd || records.IsEmpty) return records;
        if (version < FirstWithBatches && !partition.Config.DownConversion)
            throw new ReplicaException(ErrorCode.UnsupportedVersion, $"The topic of {partition.Id} has message.downconversion.enable=false: Fetch requests below version {FirstWithBatches} are not answered.");
        foreach (var batch in new RecordBatches(records.Span))
        {
            if (batch.Compression == CompressionType.Zstd)
                throw new ReplicaException(ErrorCode.UnsupportedCompressionType, "Fetch requests below version 10 cannot be answered with zstd.");
        }

        return version >= FirstWithBatches ? records : DownConversion.Convert(records.Span, DownConversion.MaxMagic(version), fetchOffset);
    }

    /// <summary>A tool that looks at replicas as a consumer that sees the log's end.</summary>
    private const int DebugConsumer = -2;
}
