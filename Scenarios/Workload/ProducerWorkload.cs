using System;
using System.Text;
using Reference.Clients;
using Reference.Clients.Producing;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>
/// A producer that sends numbered values to the partitions in turn, a few at a time, until told to stop; now and then a burst of them
/// to one partition at once, which share batches.
/// </summary>
public sealed class ProducerWorkload(SimWorld world, string name, ClientHistory history, ProducerOptions options, WorkloadShape shape)
{
    private const double BurstProbability = 0.03;
    private const int LongestBurst = 8;
    private bool _stopping;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private int _inFlight;
    private int _number;

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts sending.</summary>
    public void Start() => Machine.Start(async node =>
    {
        var producer = new Producer(node, options);
        var pace = node.Random.Stream("pace");
        var bursts = node.Random.Stream("bursts");
        await node.Clock.Delay(shape.StartDelay);
        for (var burst = 0; ; burst++)
        {
            while (_stopping) await node.Clock.Delay(s_look);
            var length = bursts.Chance(BurstProbability) ? bursts.Next(2, LongestBurst + 1) : 1;
            for (var i = 0; i < length && _inFlight < shape.MaxInFlight; i++) node.Spawn(SendOne(producer, burst));
            await node.Clock.Delay(pace.NextSpan(shape.Pause.Min, shape.Pause.Max));
        }
    });

    /// <summary>Begins no more sends; those that are under way end in their own time.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Goes on sending after a stop.</summary>
    public void Resume() => _stopping = false;

    private async LoopTask SendOne(Producer producer, int burst)
    {
        _inFlight++;
        var partition = burst % shape.Partitions;
        var value = $"{name}-{_number++}";
        var send = history.BeginSend(name, burst, $"{shape.Topic}-{partition}", value, allReplicas: options.Acks == -1);
        try
        {
            var written = await producer.Send(new ProducerRecord(shape.Topic, null, Encoding.UTF8.GetBytes(value), partition));
            history.EndSend(send, SendOutcome.Acknowledged, written.Offset);
            shape.Acknowledged(send);
        }
        catch (KafkaException e)
        {
            history.EndSend(send, e.IsUnknownOutcome ? SendOutcome.Unknown : SendOutcome.Failed);
        }

        _inFlight--;
    }
}

/// <summary>What a workload sends and where.</summary>
/// <param name="Topic">Topic name.</param>
/// <param name="Partitions">Number of partitions.</param>
/// <param name="StartDelay">Before the first send.</param>
/// <param name="Pause">Between two sends.</param>
/// <param name="MaxInFlight">Sends under way at most.</param>
/// <param name="Acknowledged">Called for each acknowledged send.</param>
public sealed record WorkloadShape(string Topic, int Partitions, TimeSpan StartDelay, Range<TimeSpan> Pause, int MaxInFlight, Action<SendOperation> Acknowledged);
