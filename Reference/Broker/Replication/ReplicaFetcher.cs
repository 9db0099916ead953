using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Sessions;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>
/// Copies partitions from one leader: first finds where each log agrees with the leader's and cuts what goes beyond
/// (<c>ReplicaFetcher.Truncation.cs</c>), then fetches, over one connection, one request at a time.
/// </summary>
/// <remarks>
/// Interleaving: between a request and its answer, and during each append and truncation, the controller may give the
/// partition another role or epoch. So after every await <see cref="FollowedPartition.IsCurrent"/> is asked again, and the log
/// itself refuses appends of another epoch.
/// </remarks>
public sealed partial class ReplicaFetcher
{
    private const short FetchVersion = 12;

    private readonly ReplicationContext _context;
    private readonly int _leader;
    private readonly PeerClient _peer;
    private readonly SortedDictionary<TopicPartition, FollowedPartition> _partitions = [];
    private readonly FetchSessionHandler _session = new();
    private readonly LoopSignal _changed = new();
    private bool _stopped;

    /// <summary>A fetcher for one leader.</summary>
    public ReplicaFetcher(ReplicationContext context, int leader, Func<Endpoint?> endpoint)
    {
        _context = context;
        _leader = leader;
        _peer = new PeerClient(
            context.Node,
            endpoint,
            $"broker-{context.BrokerId}-fetcher-0",
            TimeSpan.FromMilliseconds(context.Config.ReplicaSocketTimeoutMs));
    }

    /// <summary>True without partitions.</summary>
    public bool IsIdle => _partitions.Count == 0;

    /// <summary>Begins to run.</summary>
    public void Start() => _context.Node.Spawn(Run());

    /// <summary>Ends; an answer that still comes is thrown away.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (var followed in _partitions.Values) followed.IsDropped = true;
        _partitions.Clear();
        _peer.Close();
        _changed.Set();
    }

    /// <summary>Follows a partition in its present epoch.</summary>
    public void Add(Partition partition)
    {
        Remove(partition.Id);
        _partitions[partition.Id] = new FollowedPartition(partition, partition.LeaderEpoch);
        _changed.Set();
    }

    /// <summary>Follows it no longer.</summary>
    public void Remove(TopicPartition id)
    {
        if (_partitions.Remove(id, out var followed)) followed.IsDropped = true;
    }

    private async LoopTask Run()
    {
        while (!_stopped)
        {
            var worked = false;
            try
            {
                worked = await TruncateRound();
                worked |= await FetchRound();
            }
            catch (Exception e) when (e is RpcException or WireException)
            {
                if (_stopped) return;
                _session.Failed();
                _context.Log.LogDebug("Fetching from broker {Leader} failed: {Reason}", _leader, e.Message);
                await _context.Node.Clock.Delay(Backoff);
                continue;
            }

            if (!worked && !_stopped) await _changed.Wait(_context.Node.Clock, Backoff);
        }
    }

    private TimeSpan Backoff => TimeSpan.FromMilliseconds(Math.Max(1, _context.Config.ReplicaFetchBackoffMs));

    /// <summary>
    /// One Fetch over all partitions that are ready for it; false if none was. Of the request only what differs from the last one is
    /// sent, and of the answer only what is news comes back.
    /// </summary>
    private async LoopTask<bool> FetchRound()
    {
        var asked = new SortedDictionary<TopicPartition, FollowedPartition>();
        var request = BuildFetch(asked);
        if (asked.Count == 0) return false;
        var offsets = new SortedDictionary<TopicPartition, long>();
        foreach (var (id, followed) in asked) offsets[id] = followed.Partition.Log.LogEndOffset;
        _session.Attach(request, FetchVersion);
        var response = await _peer.Call<FetchRequest, FetchResponse>(request, FetchVersion);
        if (!_session.Accept(response))
        {
            if (FetchSessionHandler.IsSessionError(response.ErrorCode)) return true; // at once again, in a new session
            foreach (var followed in asked.Values) Delay(followed, response.ErrorCode);
            return true;
        }

        foreach (var topic in response.Responses)
        {
            foreach (var data in topic.Partitions)
            {
                var id = new TopicPartition(topic.Topic, data.PartitionIndex);
                if (asked.TryGetValue(id, out var followed) && followed.IsCurrent) await Process(followed, offsets[id], data);
            }
        }

        return true;
    }

    private FetchRequest BuildFetch(SortedDictionary<TopicPartition, FollowedPartition> asked)
    {
        var config = _context.Config;
        var request = new FetchRequest
        {
            ReplicaId = _context.BrokerId,
            ReplicaState = new FetchRequest.FollowerState { ReplicaId = _context.BrokerId, ReplicaEpoch = _context.BrokerEpoch() },
            MaxWaitMs = config.ReplicaFetchWaitMaxMs,
            MinBytes = config.ReplicaFetchMinBytes,
            MaxBytes = config.ReplicaFetchResponseMaxBytes,
        };
        foreach (var (id, followed) in _partitions)
        {
            if (followed.IsTruncating || !IsReady(followed) || IsHeldBack(followed)) continue;
            if (request.Topics.Count == 0 || request.Topics[^1].Topic != id.Topic) request.Topics.Add(new FetchRequest.FetchTopic { Topic = id.Topic });
            request.Topics[^1].Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = id.Partition,
                CurrentLeaderEpoch = followed.LeaderEpoch,
                FetchOffset = followed.Partition.Log.LogEndOffset,
                LogStartOffset = followed.Partition.Log.LogStartOffset,
                PartitionMaxBytes = config.ReplicaFetchMaxBytes,
            });
            asked[id] = followed;
        }

        return request;
    }

    private async LoopTask Process(FollowedPartition followed, long fetchOffset, FetchResponse.PartitionData data)
    {
        try
        {
            switch (data.ErrorCode)
            {
                case ErrorCode.None:
                    await Append(followed, fetchOffset, data);
                    break;
                case ErrorCode.OffsetOutOfRange:
                    await HandleOutOfRange(followed);
                    break;
                case ErrorCode.FencedLeaderEpoch:
                    Drop(followed); // a newer LeaderAndIsr is under way and will bring it back
                    break;
                default:
                    Delay(followed, data.ErrorCode);
                    break;
            }
        }
        catch (StorageException e)
        {
            HandleStorageFailure(followed, e);
        }
    }

    private async LoopTask Append(FollowedPartition followed, long fetchOffset, FetchResponse.PartitionData data)
    {
        var (partition, log) = (followed.Partition, followed.Partition.Log);
        if (log.LogEndOffset != fetchOffset) return; // cut or restarted since the request
        if (!followed.IsRooted)
        {
            if (ReplicationDecisions.IsAllBelow(data.LogStartOffset, log.LogStartOffset, fetchOffset)) await log.StartAtEnd(fetchOffset, followed.LeaderEpoch);
            if (!followed.IsCurrent) return;
            followed.IsRooted = true;
        }

        if (data.Records is { Length: > 0 } records)
        {
            if (ReplicationDecisions.BeginsInsideBatch(records.Span, log.LogStartOffset, fetchOffset) is { } first) await log.TruncateFullyAndStartAt(first);
            if (!followed.IsCurrent) return;
            await log.AppendAsFollower(records, followed.LeaderEpoch);
            if (partition.IsThrottledAsFollower) _context.FollowerQuota.Record(records.Length);
            if (!followed.IsCurrent) return;
        }

        followed.HasCaughtUp = log.LogEndOffset >= data.HighWatermark;
        partition.FollowHighWatermark(data.HighWatermark);
        if (data.LogStartOffset > log.LogStartOffset)
            await log.IncrementLogStartOffset(Math.Min(data.LogStartOffset, log.HighWatermark));
    }

    private void HandleStorageFailure(FollowedPartition followed, StorageException e)
    {
        switch (e)
        {
            case StaleAppendException or LogClosedException or LogDirFailureException:
                Drop(followed); // another role has begun, or the disk is gone
                break;
            case UnexpectedAppendOffsetException:
                followed.IsTruncating = true;
                Delay(followed, e.Code);
                break;
            default:
                _context.Log.LogWarning("{Partition}: the leader's records were refused: {Reason}", followed.Partition.Id, e.Message);
                Delay(followed, e.Code);
                break;
        }
    }

    private void Drop(FollowedPartition followed)
    {
        followed.IsDropped = true;
        if (_partitions.TryGetValue(followed.Partition.Id, out var present) && present == followed) _partitions.Remove(followed.Partition.Id);
    }

    /// <summary>The quota is spent, and this one counts for it and is out of sync (KIP-73).</summary>
    private bool IsHeldBack(FollowedPartition followed) =>
        followed.Partition.IsThrottledAsFollower && !followed.HasCaughtUp && _context.FollowerQuota.IsExceeded;

    private bool IsReady(FollowedPartition followed) => followed.IsCurrent && followed.DelayedUntilMs <= _context.NowMs;

    private void Delay(FollowedPartition followed, ErrorCode reason)
    {
        _context.Log.LogDebug("{Partition}: broker {Leader} answered {Error}", followed.Partition.Id, _leader, reason);
        followed.DelayedUntilMs = _context.NowMs + _context.Config.ReplicaFetchBackoffMs;
    }
}
