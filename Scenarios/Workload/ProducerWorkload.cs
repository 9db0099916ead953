using System;
using System.Text;
using Reference.Clients;
using Reference.Clients.Producing;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>A producer that sends numbered values to the partitions in turn, a few at a time, until told to stop.</summary>
public sealed class ProducerWorkload(SimWorld world, string name, ClientHistory history, ProducerOptions options, WorkloadShape shape)
{
    private bool _stopping;
    private int _inFlight;

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts sending.</summary>
    public void Start() => Machine.Start(async node =>
    {
        var producer = new Producer(node, options);
        var pace = node.Random.Stream("pace");
        await node.Clock.Delay(shape.StartDelay);
        for (var number = 0; !_stopping; number++)
        {
            if (_inFlight < shape.MaxInFlight) node.Spawn(SendOne(producer, number));
            await node.Clock.Delay(pace.NextSpan(shape.Pause.Min, shape.Pause.Max));
        }

        await producer.Flush();
        await new LoopPromise<Nothing>().Task;
    });

    /// <summary>Begins no more sends; those that are under way end in their own time.</summary>
    public void Stop() => _stopping = true;

    private async LoopTask SendOne(Producer producer, int number)
    {
        _inFlight++;
        var partition = number % shape.Partitions;
        var value = $"{name}-{number}";
        var send = history.BeginSend(name, $"{shape.Topic}-{partition}", value, allReplicas: options.Acks == -1);
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
