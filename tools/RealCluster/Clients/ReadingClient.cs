using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Consuming;
using Reference.Hosting;
using Scenarios.History;
using Simulator.Platform;

namespace tools.RealCluster.Clients;

/// <summary>Our consumer, reading all partitions from the beginning.</summary>
/// <param name="name">Its name.</param>
/// <param name="bootstrap">The brokers.</param>
/// <param name="topic">What it reads.</param>
/// <param name="partitions">Number of its partitions.</param>
/// <param name="history">Where it notes what it reads.</param>
public sealed class ReadingClient(string name, IReadOnlyList<Endpoint> bootstrap, string topic, int partitions, RecordedHistory history)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TopicPartition[] _partitions = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))];
    private int _polls;

    /// <summary>Reads until told to stop.</summary>
    public async Task Run(CancellationToken stop)
    {
        await using var consumer = await Open();
        while (!stop.IsCancellationRequested) await Poll(consumer);
    }

    /// <summary>Reads everything up to the end of each partition, and beyond what any client knows to be there.</summary>
    /// <exception cref="NoProgressException">It did not come so far in 60 s.</exception>
    public async Task ReadAll()
    {
        await using var consumer = await Open();
        var missing = new Dictionary<TopicPartition, long>();
        foreach (var partition in _partitions)
        {
            var end = Math.Max(history.KnownEnd(partition.ToString()), await consumer.EndOffsetAsync(partition));
            if (end > 0) missing.Add(partition, end);
        }

        var deadline = DateTime.UtcNow + s_patience;
        while (missing.Count > 0)
        {
            foreach (var record in await Poll(consumer))
            {
                if (missing.TryGetValue(record.TopicPartition, out var end) && record.Offset + 1 >= end) missing.Remove(record.TopicPartition);
                deadline = DateTime.UtcNow + s_patience;
            }

            if (DateTime.UtcNow > deadline)
                throw new NoProgressException($"{name} heard nothing for {s_patience.TotalSeconds} s before the end of {string.Join(", ", missing.Select(m => $"{m.Key} ({m.Value})"))}");
        }
    }

    private async Task<KafkaConsumer> Open()
    {
        var options = new ConsumerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            AutoOffsetReset = OffsetReset.Earliest,
            FetchMaxWait = TimeSpan.FromMilliseconds(300),
            RequestTimeout = TimeSpan.FromSeconds(4),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AllowAutoCreateTopics = false,
        };
        var consumer = await KafkaConsumer.StartAsync(options);
        await consumer.AssignAsync(_partitions);
        foreach (var partition in _partitions) await consumer.SeekToBeginningAsync(partition);
        return consumer;
    }

    private async Task<IReadOnlyList<ConsumerRecord>> Poll(KafkaConsumer consumer)
    {
        var records = await consumer.PollAsync(s_poll);
        var poll = _polls++;
        history.AddReads(records.Select(r => new ReadOperation(name, r.TopicPartition.ToString(), 0, poll, r.Offset, Encoding.UTF8.GetString(r.Value!.Value.Span))));
        return records;
    }
}
