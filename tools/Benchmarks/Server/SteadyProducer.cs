using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Clients.Producing;
using Simulator.Host;
using Simulator.Platform;

namespace tools.Benchmarks.Server;

/// <summary>One producer of ours on a loop of its own, so that no record crosses threads.</summary>
/// <param name="broker">Whom it sends to.</param>
/// <param name="topic">A topic of one partition.</param>
/// <param name="recordBytes">Bytes of each value; there are no keys.</param>
/// <param name="linger">The producer's linger.ms.</param>
internal sealed class SteadyProducer(Endpoint broker, string topic, int recordBytes, TimeSpan linger)
{
    /// <summary>The producer's batch.size in bytes.</summary>
    public const int BatchBytes = 64 * 1024;

    /// <summary>The producer's max.in.flight.requests.per.connection.</summary>
    public const int InFlight = 5;

    private const long WindowBytes = 16_000_000; // less than buffer.memory: sends never wait for memory
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(30);

    /// <summary>Sends records as fast as they go; gives the seconds from the first send to the last acknowledgement and the last one's offset.</summary>
    public Task<(double Seconds, long LastOffset)> SendAll(long count, CancellationToken cancellation) => With(async (node, producer, value) =>
    {
        var started = node.Clock.MonotonicMicros;
        var window = Math.Max(1, WindowBytes / (recordBytes + 100));
        var underWay = new Queue<LoopTask<RecordMetadata>>();
        var last = -1L;
        for (var i = 0L; i < count; i++)
        {
            underWay.Enqueue(producer.Send(new ProducerRecord(topic, null, value)));
            if (underWay.Count < window) continue;
            cancellation.ThrowIfCancellationRequested();
            last = (await underWay.Dequeue()).Offset;
        }

        while (underWay.TryDequeue(out var send)) last = (await send).Offset;
        return ((node.Clock.MonotonicMicros - started) / 1e6, last);
    });

    /// <summary>
    /// Sends a record at each of the times given by the rate, whatever became of those before, and gives how long after that time each
    /// was acknowledged, in ms: a server that hangs delays all that were to be sent meanwhile.
    /// </summary>
    public Task<IReadOnlyList<double>> Latencies(int count, int perSecond, CancellationToken cancellation) => With<IReadOnlyList<double>>(async (node, producer, value) =>
    {
        var latencies = new List<double>(count);
        var underWay = new List<LoopTask>(count);
        var started = node.Clock.MonotonicMicros;
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var due = started + (1_000_000L * i / perSecond);
            if (due > node.Clock.MonotonicMicros) await node.Clock.Delay(TimeSpan.FromMicroseconds(due - node.Clock.MonotonicMicros));
            underWay.Add(SendOne(node, producer, value, due, latencies));
        }

        await LoopTask.WhenAll(underWay);
        return latencies;
    });

    private async LoopTask SendOne(Node node, Producer producer, byte[] value, long due, List<double> latencies)
    {
        await producer.Send(new ProducerRecord(topic, null, value));
        latencies.Add((node.Clock.MonotonicMicros - due) / 1e3);
    }

    private async Task<T> With<T>(Func<Node, Producer, byte[], LoopTask<T>> work)
    {
        var value = new byte[recordBytes];
        new Random(1).NextBytes(value);
        var options = new ProducerOptions { BootstrapServers = [broker], Acks = -1, BatchSize = BatchBytes, Linger = linger, MaxInFlight = InFlight };
        await using var node = new HostNode("producer", Path.GetTempPath(), NullLoggerFactory.Instance);
        return await node.InvokeAsync(async n =>
        {
            var producer = new Producer(n, options);
            var result = await work(n, producer, value);
            await producer.Close(s_closing);
            return result;
        });
    }
}
