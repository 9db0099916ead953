using System;
using System.Collections.Generic;
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
/// isolation levels; v5 log start offsets; v7 fetch sessions, which may be declined: session id 0 makes every fetch a full one
/// (KIP-227); v9 fences by leader epoch (KIP-320); v10 allows zstd; v11 knows racks (no closer replica is ever named); v12 detects
/// divergence (KIP-595).
/// </remarks>
public sealed class FetchHandler(BrokerServices services) : RequestHandler<FetchRequest, FetchResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<FetchResponse?> Handle(FetchRequest request, RequestContext context)
    {
        // A session that we never gave. Epoch -1 closes it and asks for a full answer, which needs none.
        if (request.SessionId != 0 && request.SessionEpoch != -1) return new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound };
        var deadline = services.Node.Clock.MonotonicMicros + (request.MaxWaitMs * 1000L);
        for (var isFirst = true; ; isFirst = false)
        {
            var read = new FetchRead(services, request, context.Version, isFirst);
            await read.Run();
            var remaining = TimeSpan.FromMicroseconds(deadline - services.Node.Clock.MonotonicMicros);
            if (read.IsUrgent || read.Bytes >= request.MinBytes || remaining <= TimeSpan.Zero) return read.Response;
            if (services.Node.Buggify("fetch-wakes-early")) remaining /= 8;
            var delayed = new DelayedFetch(read.Views);
            var keys = new List<TopicPartition>(read.Views.Count);
            foreach (var view in read.Views) keys.Add(view.Partition.Id);
            if (!services.Replication.Fetches.TryCompleteElseWatch(delayed, remaining, keys)) await delayed.Done;
        }
    }
}
