using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Producing;
using Reference.Hosting;
using Scenarios.History;
using Simulator.Platform;

namespace tools.RealCluster.Clients;

/// <summary>Our producer, sending small bursts at a steady pace to the partitions in turn until told to stop.</summary>
/// <param name="name">Its name.</param>
/// <param name="bootstrap">The brokers.</param>
/// <param name="acks">-1 for all, or 1.</param>
/// <param name="topic">Where it sends.</param>
/// <param name="partitions">Number of its partitions.</param>
/// <param name="history">Where it notes what it does.</param>
public sealed class SendingClient(string name, IReadOnlyList<Endpoint> bootstrap, short acks, string topic, int partitions, RecordedHistory history)
{
    private const int Burst = 3;
    private const int MaxInFlight = 200;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);
    private int _inFlight;

    /// <summary>Sends until told to stop, then waits for what is under way.</summary>
    public async Task Run(CancellationToken stop)
    {
        var options = new ProducerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            Acks = acks,
            Linger = TimeSpan.FromMilliseconds(5),
            MaxInFlight = 1,
            MaxBlock = TimeSpan.FromSeconds(20),
            RequestTimeout = TimeSpan.FromSeconds(4),
            DeliveryTimeout = TimeSpan.FromSeconds(40),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };
        await using var producer = await KafkaProducer.StartAsync(options);
        using var pace = new PeriodicTimer(s_pace);
        var sends = new List<Task>();
        for (var burst = 0; !stop.IsCancellationRequested; burst++)
        {
            for (var i = 0; i < Burst && Volatile.Read(ref _inFlight) < MaxInFlight; i++) sends.Add(Send(producer, burst, i));
            sends.RemoveAll(s => s.IsCompletedSuccessfully);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(sends);
    }

    private async Task Send(KafkaProducer producer, int burst, int number)
    {
        Interlocked.Increment(ref _inFlight);
        var partition = new TopicPartition(topic, burst % partitions);
        var value = $"{name}-{burst}-{number}";
        var send = history.BeginSend(name, burst, partition.ToString(), value);
        try
        {
            var written = await producer.SendAsync(new ProducerRecord(topic, null, Encoding.UTF8.GetBytes(value), partition.Partition));
            history.EndSend(send, SendOutcome.Acknowledged, written.Offset);
        }
        catch (KafkaException e)
        {
            history.EndSend(send, e.IsUnknownOutcome ? SendOutcome.Unknown : SendOutcome.Failed);
        }

        Interlocked.Decrement(ref _inFlight);
    }
}
