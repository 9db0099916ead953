using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Clients.Network;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Producing;

/// <summary>
/// Takes batches that are ready to their partitions' leaders: one request per broker at a time of deciding, at most one batch per
/// partition in it. With one request in flight the order of a partition is kept through all retries.
/// </summary>
internal sealed class Sender
{
    private readonly Node _node;
    private readonly ProducerOptions _options;
    private readonly NetworkClient _network;
    private readonly Accumulator _accumulator;
    private readonly ILogger _log;
    private readonly LoopSignal _wake = new();
    private readonly SortedDictionary<int, int> _inFlight = [];

    public Sender(Node node, ProducerOptions options, NetworkClient network, Accumulator accumulator)
    {
        _node = node;
        _options = options;
        _network = network;
        _accumulator = accumulator;
        _log = node.Logs.CreateLogger<Sender>();
        network.Metadata.Updated = Wake;
    }

    /// <summary>Number of flushes under way: batches leave without lingering.</summary>
    public int Flushing { get; set; }

    private long Now => _node.Clock.MonotonicMicros;

    /// <summary>Something has changed that may make a batch ready.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Works until the client is closed.</summary>
    public async LoopTask Run()
    {
        while (!_network.IsClosed)
        {
            ExpireOldBatches();
            var next = SendReady();
            var wait = next - Now;
            if (wait > 0) await _wake.Wait(_node.Clock, TimeSpan.FromMicroseconds(wait));
        }
    }

    private void ExpireOldBatches()
    {
        while (_accumulator.Unfinished.Count > 0 && _accumulator.Unfinished[0] is var batch && Now >= ExpiryOf(batch))
        {
            var message = $"The batch of {batch.Count} records for {batch.Partition} was not acknowledged within {_options.DeliveryTimeout.TotalMilliseconds:0} ms.";
            _accumulator.Fail(batch, new KafkaException(ErrorCode.RequestTimedOut, message, IsUncertain(batch), batch.LastFailure));
        }
    }

    /// <summary>An attempt that is under way makes the outcome unknown as well.</summary>
    private bool IsUncertain(ProducerBatch batch) => batch.MayHaveBeenAppended || (batch.Attempts > 0 && !_accumulator.Queues[batch.Partition].Waiting.Contains(batch));

    private long ExpiryOf(ProducerBatch batch) => batch.CreatedMicros + (long)_options.DeliveryTimeout.TotalMicroseconds;

    /// <summary>Sends all that is ready; gives the instant at which something may become ready by itself.</summary>
    private long SendReady()
    {
        var next = _accumulator.Unfinished.Count > 0 ? ExpiryOf(_accumulator.Unfinished[0]) : Now + (long)_options.MetadataMaxAge.TotalMicroseconds;
        SortedDictionary<int, List<ProducerBatch>>? byLeader = null;
        foreach (var queue in _accumulator.Queues.Values)
        {
            if (queue.Waiting.First?.Value is not { } batch) continue;
            if (_options.MaxInFlight == 1 && queue.InFlight > 0) continue;
            var readyAt = ReadyAt(queue, batch);
            if (readyAt > Now) next = Math.Min(next, readyAt);
            else if (_network.Metadata.Current.Partition(queue.Partition) is { Leader: >= 0 } known) ListOf(byLeader ??= [], known.Leader).Add(batch);
            else _network.Metadata.RequestUpdate();
        }

        if (byLeader is null) return next;
        foreach (var (leader, batches) in byLeader) SendTo(leader, batches);
        return next;
    }

    private static List<ProducerBatch> ListOf(SortedDictionary<int, List<ProducerBatch>> byLeader, int leader) =>
        byLeader.TryGetValue(leader, out var list) ? list : byLeader[leader] = [];

    private long ReadyAt(PartitionQueue queue, ProducerBatch batch)
    {
        if (batch.Attempts > 0) return batch.NotBeforeMicros;
        var full = batch.SizeInBytes >= _options.BatchSize || queue.Waiting.Count > 1;
        return full || Flushing > 0 || _node.Buggify("producer-sends-early") || _accumulator.IsStarved ? 0 : batch.CreatedMicros + (long)_options.Linger.TotalMicroseconds;
    }

    private void SendTo(int leader, List<ProducerBatch> batches)
    {
        if (_network.Broker(leader) is not { } connection)
        {
            _network.Metadata.RequestUpdate();
        }
        else if (!connection.IsReady)
        {
            // Without answers its loss is all that tells of a new leader: the old one drops the connection.
            if (_options.Acks == 0) connection.Lost = _network.Metadata.RequestUpdate;
            _node.Spawn(Connect(connection));
        }
        else if (_inFlight.GetValueOrDefault(leader) < _options.MaxInFlight)
        {
            var request = Take(batches);
            _inFlight[leader] = _inFlight.GetValueOrDefault(leader) + 1;
            _node.Spawn(Deliver(leader, connection, request));
            Wake(); // the same partitions may have more
        }
    }

    private async LoopTask Connect(BrokerConnection connection)
    {
        try
        {
            await connection.Ready();
            Wake();
        }
        catch (KafkaException)
        {
            // The connection knows its own pause; the leader may be another one by now.
            _network.Metadata.RequestUpdate();
            Wake();
        }
    }

    /// <summary>Takes batches out of their queues, up to the greatest request.</summary>
    private List<ProducerBatch> Take(List<ProducerBatch> batches)
    {
        var taken = new List<ProducerBatch>();
        var bytes = 0;
        foreach (var batch in batches)
        {
            var size = batch.Encode().Length;
            if (taken.Count > 0 && bytes + size > _options.MaxRequestSize) break;
            bytes += size;
            var queue = _accumulator.Queues[batch.Partition];
            queue.Waiting.Remove(batch);
            queue.InFlight++;
            batch.Attempts++;
            taken.Add(batch);
        }

        return taken;
    }

    private async LoopTask Deliver(int leader, BrokerConnection connection, List<ProducerBatch> batches)
    {
        try
        {
            var version = connection.VersionOf(ApiKey.Produce);
            if (_options.Acks == 0)
            {
                await connection.SendOneWay(MakeRequest(batches), version);
                foreach (var batch in batches) Acknowledge(batch, RecordOffsetUnknown, -1);
            }
            else
            {
                Apply(batches, await connection.Send<ProduceRequest, ProduceResponse>(MakeRequest(batches), version, _options.RequestTimeout));
            }
        }
        catch (KafkaException e)
        {
            _network.Metadata.RequestUpdate();
            foreach (var batch in batches) Failed(batch, e);
        }

        _inFlight[leader]--;
        Wake();
    }

    private const long RecordOffsetUnknown = -1;

    private ProduceRequest MakeRequest(List<ProducerBatch> batches)
    {
        var request = new ProduceRequest { Acks = _options.Acks, TimeoutMs = (int)Math.Min(_options.RequestTimeout.TotalMilliseconds, int.MaxValue) };
        foreach (var batch in batches)
        {
            if (request.TopicData.Count == 0 || request.TopicData[^1].Name != batch.Partition.Topic)
                request.TopicData.Add(new ProduceRequest.TopicProduceData { Name = batch.Partition.Topic });
            request.TopicData[^1].PartitionData.Add(new ProduceRequest.PartitionProduceData { Index = batch.Partition.Partition, Records = batch.Encode() });
        }

        return request;
    }

    private void Apply(List<ProducerBatch> batches, ProduceResponse response)
    {
        foreach (var batch in batches)
        {
            var topic = response.Responses.Find(t => t.Name == batch.Partition.Topic);
            var answer = topic?.PartitionResponses.Find(p => p.Index == batch.Partition.Partition);
            if (answer is null)
                Failed(batch, new KafkaException(ErrorCode.UnknownServerError, $"The broker's answer does not mention {batch.Partition}.", isUnknownOutcome: true));
            else if (answer.ErrorCode == ErrorCode.None)
                Acknowledge(batch, answer.BaseOffset, answer.LogAppendTimeMs);
            else
                Failed(batch, Refusal(batch, answer));
        }
    }

    private static KafkaException Refusal(ProducerBatch batch, ProduceResponse.PartitionProduceResponse answer)
    {
        var reason = answer.ErrorMessage is { Length: > 0 } text ? $" ({text})" : string.Empty;
        return new KafkaException(answer.ErrorCode, $"The leader of {batch.Partition} answered {answer.ErrorCode}{reason}.", !ProduceErrors.IsRefusal(answer.ErrorCode));
    }

    private void Acknowledge(ProducerBatch batch, long baseOffset, long logAppendTimeMs)
    {
        _accumulator.Queues[batch.Partition].InFlight--;
        _accumulator.Succeed(batch, baseOffset, logAppendTimeMs);
    }

    /// <summary>Tries again later, or gives up.</summary>
    private void Failed(ProducerBatch batch, KafkaException error)
    {
        _accumulator.Queues[batch.Partition].InFlight--;
        if (batch.IsDone) return;
        batch.MayHaveBeenAppended |= error.IsUnknownOutcome;
        batch.LastFailure = error;
        if (error.Code.IsStaleMetadata()) _network.Metadata.RequestUpdate();
        if (error.IsRetriable && batch.Attempts <= _options.Retries && Now < ExpiryOf(batch))
        {
            _log.LogDebug("Attempt {Attempt} for {Partition} failed: {Reason}", batch.Attempts, batch.Partition, error.Message);
            batch.NotBeforeMicros = Now + (long)_options.RetryBackoff.TotalMicroseconds;
            _accumulator.Requeue(batch);
            return;
        }

        _accumulator.Fail(batch, new KafkaException(error.Code, error.Message, batch.MayHaveBeenAppended, error));
    }
}
