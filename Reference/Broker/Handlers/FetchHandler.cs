using System;
using System.Collections.Generic;
using Reference.Broker.Handlers.Sessions;
using Reference.Broker.Replication;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>
/// Fetch: record batches from an offset on, for consumers up to the high watermark, for followers up to the log's end. Waits up to
/// MaxWaitMs for MinBytes.
/// </summary>
/// <remarks>
/// v0-v1 are answered with magic 0, v2-v3 with magic 1; v3 bounds the whole answer and lets one batch exceed it (KIP-74); v4 knows
/// isolation levels; v5 log start offsets; v7 fetch sessions (KIP-227, <see cref="FetchContext"/>); v9 fences by leader epoch (KIP-320); v10 allows zstd; v11 knows racks: the leader names a closer replica, and every replica serves consumers up to its high
/// watermark (KIP-392); v12 detects
/// divergence (KIP-595) and carries a follower's broker epoch as a tagged field: a fetch that its earlier run had sent is refused (KIP-903).
/// </remarks>
public sealed class FetchHandler(BrokerServices services) : RequestHandler<FetchRequest, FetchResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<FetchResponse?> Handle(FetchRequest request, RequestContext context)
    {
        // As if the cache had needed the place for others: every fetcher must be able to begin anew.
        if (request.SessionEpoch > 0 && services.Node.Buggify("fetch-session-evicted")) services.FetchSessions.Close(request.SessionId);
        if (request.ReplicaId >= 0 && services.Replication.Peers.IsStale(request.ReplicaId, request.ReplicaState.ReplicaEpoch, claimed: -1))
            return new FetchResponse { ErrorCode = ErrorCode.StaleBrokerEpoch };
        var session = FetchContext.Of(request, services.FetchSessions);
        if (session.Error != ErrorCode.None) return new FetchResponse { ErrorCode = session.Error };
        var deadline = services.Node.Clock.MonotonicMicros + (request.MaxWaitMs * 1000L);
        for (var isFirst = true; ; isFirst = false)
        {
            var read = new FetchRead(services, request, session.Partitions, context.Version, isFirst);
            await read.Run();
            var remaining = TimeSpan.FromMicroseconds(deadline - services.Node.Clock.MonotonicMicros);
            if (read.IsUrgent || read.Bytes >= request.MinBytes || remaining <= TimeSpan.Zero)
            {
                services.Replication.LeaderQuota.Record(read.ThrottledBytes);
                return session.Answer(read.Answers);
            }

            if (services.Node.Buggify("fetch-wakes-early")) remaining /= 8;
            var delayed = new DelayedFetch(read.Views);
            var keys = new List<TopicPartition>(read.Views.Count);
            foreach (var view in read.Views) keys.Add(view.Partition.Id);
            if (!await services.Replication.Fetches.TryCompleteElseWatch(delayed, remaining, keys)) await delayed.Done;
        }
    }
}
