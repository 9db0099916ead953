using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>
/// A few machines that send one another the time every 10 ms, each pair over a connection of its own, and dial again when it
/// breaks: what reaches whom, and how late, shows what a fault does to the network.
/// </summary>
internal sealed class PingWorld
{
    private const int Port = 1;
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(10);
    private readonly List<(string From, string To, long SentMicros, long HeardMicros)> _heard = [];

    public PingWorld(string names = "abc", ulong seed = 1)
    {
        World = new SimWorld(seed, new WorldOptions { LossProbability = 0, FragmentationProbability = 0 });
        World.Network.Classifier = static (_, _, _) => "ping";
        foreach (var name in names) World.AddMachine(name.ToString());
        foreach (var machine in World.Machines) machine.Start(node => Run(node, machine));
        World.RunFor(TimeSpan.FromMilliseconds(100));
    }

    public SimWorld World { get; }

    /// <summary>Resets that an end of a connection has seen.</summary>
    public int Resets { get; private set; }

    public SimMachine this[string name] => World.FindMachine(name)!;

    /// <summary>Injects a fault that must be possible now.</summary>
    public FaultHandle Inject(Fault fault, params string[] targets)
    {
        var machines = targets.Select(t => this[t]).ToList();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (fault.Strike(World, machines) is { } handle) return handle;
        }

        throw new InvalidOperationException($"{fault.Kind} found nothing to do in 100 attempts.");
    }

    /// <summary>Who heard something sent within the span, as "a>b a>c …" in order; the first tenth lets what was on its way arrive.</summary>
    public string HeardWithin(TimeSpan span)
    {
        World.RunFor(span / 10);
        var from = World.NowMicros;
        World.RunFor(span);
        Assert.Null(World.Failure);
        return string.Join(' ', _heard.Where(h => h.HeardMicros > from).Select(h => $"{h.From}>{h.To}").Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The longest time that something heard within the span had been on its way.</summary>
    public TimeSpan SlowestWithin(TimeSpan span)
    {
        var from = World.NowMicros;
        World.RunFor(span);
        return TimeSpan.FromMicroseconds(_heard.Where(h => h.HeardMicros > from).Max(h => h.HeardMicros - h.SentMicros));
    }

    /// <summary>How long a write of one byte takes on a machine's disk, as its process sees it.</summary>
    public TimeSpan TimeOfWrite(string name)
    {
        var took = TimeSpan.MinValue;
        this[name].Invoke(() => this[name].Process!.Loop.Spawn(Write(this[name].Process!.Node)));
        Assert.True(World.RunUntil(() => took != TimeSpan.MinValue, TimeSpan.FromMinutes(5)));
        return took;

        async LoopTask Write(Node node)
        {
            var file = await node.Disk.Open("file", OpenMode.OpenOrCreate);
            var begin = World.NowMicros;
            await file.Write(0, new byte[1]);
            took = TimeSpan.FromMicroseconds(World.NowMicros - begin);
        }
    }

    private async LoopTask Run(Node node, SimMachine machine)
    {
        var listener = await node.Network.Listen(new Endpoint(node.Name, Port));
        foreach (var peer in World.Machines)
        {
            if (peer != machine) node.Spawn(Ping(node, peer.Name));
        }

        while (true) node.Spawn(Hear(node.Name, await listener.Accept()));
    }

    private async LoopTask Ping(Node node, string peer)
    {
        while (true)
        {
            await node.Clock.Delay(s_beat);
            try
            {
                var connection = await node.Network.Connect(new Endpoint(peer, Port), TimeSpan.FromSeconds(1));
                var message = new byte[9];
                message[0] = (byte)node.Name[0];
                while (true)
                {
                    BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), World.NowMicros);
                    await connection.Write(message.ToArray());
                    await node.Clock.Delay(s_beat);
                }
            }
            catch (NetworkException e)
            {
                if (e.Error == NetworkError.Reset) Resets++;
            }
        }
    }

    private async LoopTask Hear(string to, IConnection connection)
    {
        try
        {
            var message = new byte[9];
            while (true)
            {
                for (var have = 0; have < message.Length;)
                {
                    var count = await connection.Read(message.AsMemory(have));
                    if (count == 0) return;
                    have += count;
                }

                _heard.Add((((char)message[0]).ToString(), to, BinaryPrimitives.ReadInt64BigEndian(message.AsSpan(1)), World.NowMicros));
            }
        }
        catch (NetworkException e)
        {
            if (e.Error == NetworkError.Reset) Resets++;
        }
    }
}
