using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients;
using Reference.Clients.Producing;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>A producer that sends numbered values as planned, until told to stop.</summary>
/// <param name="world">The world.</param>
/// <param name="name">Its name and its machine's.</param>
/// <param name="history">Where it notes what it does.</param>
/// <param name="options">The producer's options.</param>
/// <param name="partitions">Where it sends; the plan names them by their place in this list.</param>
/// <param name="keys">Number of keys of a partition; 0: records have none.</param>
/// <param name="sends">What it sends, in the order of time.</param>
/// <param name="acknowledged">Called for each acknowledged send.</param>
public sealed class ProducerWorkload(
    SimWorld world,
    string name,
    ClientHistory history,
    ProducerOptions options,
    IReadOnlyList<TopicPartition> partitions,
    int keys,
    IReadOnlyList<PlannedSend> sends,
    Action<SendOperation> acknowledged)
{
    private const int MaxInFlight = 40;
    private static readonly TimeSpan s_probePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_steadyPause = TimeSpan.FromMilliseconds(40);
    private readonly string[] _partitions = [.. partitions.Select(p => p.ToString())];
    private Producer? _producer;
    private bool _stopping;
    private int _inFlight;
    private int _number;

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts sending.</summary>
    public void Start() => Machine.Start(async node =>
    {
        _producer = new Producer(node, options);
        for (var burst = 0; burst < sends.Count; burst++)
        {
            await node.Clock.Delay(sends[burst].At - TimeSpan.FromMicroseconds(world.NowMicros));
            if (_stopping) break;
            for (var i = 0; i < sends[burst].Count && _inFlight < MaxInFlight; i++) node.Spawn(SendAlone(burst, sends[burst], i));
        }

        await new LoopPromise<Nothing>().Task;
    });

    /// <summary>Begins no more sends; those that are under way end in their own time.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Sends again after a stop, at a steady pace to the partitions in turn: at an instant that nobody could plan.</summary>
    public void Resume() => Machine.Invoke(() =>
    {
        _stopping = false;
        Machine.Process!.Loop.Spawn(SendSteadily(Machine.Process.Node));
    });

    /// <summary>Sends one value after another to partitions in turn, each only when the last has been answered; how long that took goes to the history.</summary>
    /// <param name="targets">"topic-partition" of each partition.</param>
    /// <param name="count">How many values.</param>
    public void Probe(IReadOnlyList<string> targets, int count) => Machine.Invoke(() => Machine.Process!.Loop.Spawn(SendProbes(Machine.Process.Node, targets, count)));

    private async LoopTask SendProbes(Node node, IReadOnlyList<string> targets, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var began = world.NowMicros;
            var send = await SendOne(sends.Count + i, InTurn(sends.Count + i, Array.IndexOf(_partitions, targets[i % targets.Count])), 0);
            history.NoteProbe(send, TimeSpan.FromMicroseconds(world.NowMicros - began));
            if (send.Outcome != SendOutcome.Acknowledged) return; // it has failed
            await node.Clock.Delay(s_probePause);
        }
    }

    private async LoopTask SendSteadily(Node node)
    {
        for (var burst = sends.Count; !_stopping; burst++)
        {
            if (_inFlight < MaxInFlight) node.Spawn(SendAlone(burst, InTurn(burst, burst % _partitions.Length), 0));
            await node.Clock.Delay(s_steadyPause);
        }
    }

    private PlannedSend InTurn(int burst, int partition) => new(default, partition, 1) { Key = keys > 0 ? burst % keys : -1 };

    private async LoopTask SendAlone(int burst, PlannedSend planned, int index) => await SendOne(burst, planned, index);

    private async LoopTask<SendOperation> SendOne(int burst, PlannedSend planned, int index)
    {
        _inFlight++;
        var value = $"{name}-{_number++}";
        var send = history.BeginSend(name, burst, _partitions[planned.Partition], value, allReplicas: options.Acks == -1);
        try
        {
            var written = await _producer!.Send(RecordText.Make(partitions[planned.Partition], planned, index, keys, value));
            history.EndSend(send, SendOutcome.Acknowledged, written.Offset);
            acknowledged(send);
        }
        catch (KafkaException e)
        {
            history.EndSend(send, e.IsUnknownOutcome ? SendOutcome.Unknown : SendOutcome.Failed);
        }

        _inFlight--;
        return send;
    }
}
