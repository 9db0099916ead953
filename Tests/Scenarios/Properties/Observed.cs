using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Wire.Records;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Scenarios.Properties;

/// <summary>
/// Makes observations by hand: a partition "t-0" on brokers 1 to 3, each with a log on a simulated disk. A log is written as a
/// string, one record and one batch a letter: brokers hold the same record where their letters are the same.
/// </summary>
internal sealed class Observed
{
    private readonly SimWorld _world = new(1);

    public Observed(int brokers = 3)
    {
        for (var id = 1; id <= brokers; id++) _world.AddMachine($"broker-{id}");
        var replicas = Enumerable.Range(1, brokers).Select(id => new ReplicaObservation(id, new ShadowLog(_world.FindMachine($"broker-{id}")!.Disk, "t-0"))).ToList();
        Partition = new PartitionObservation("t", 0, replicas);
    }

    public PartitionObservation Partition { get; }

    public IReadOnlyList<PartitionObservation> Partitions => [Partition];

    public ReplicaObservation this[int broker] => Partition.Replicas[broker - 1];

    /// <summary>The store names a leader, its epoch and an ISR.</summary>
    public Observed Store(int leader, int epoch, params int[] isr)
    {
        Partition.Quorum = new QuorumState(leader, epoch, isr, ControllerEpoch: 1, Version: epoch);
        return this;
    }

    /// <summary>A broker leads in an epoch, with a high watermark; it waits for the ISR that the store names now.</summary>
    public Observed Leader(int broker, int epoch, string log, long highWatermark) => Replica(broker, epoch, log, highWatermark, leads: true);

    /// <summary>A broker follows.</summary>
    public Observed Follower(int broker, int epoch, string log, long highWatermark) => Replica(broker, epoch, log, highWatermark, leads: false);

    /// <summary>A broker is down; what was last seen of it stays.</summary>
    public Observed Down(int broker)
    {
        this[broker].IsRunning = false;
        return this;
    }

    /// <summary>Lets the ghosts see what all replicas show, as the observation of a cluster does after each event.</summary>
    public Observed Seen()
    {
        foreach (var replica in Partition.Replicas.Where(r => r.IsRunning))
        {
            Partition.Committed.Extend(replica.Log, replica.HighWatermark);
            if (Partition.IsLegitimateLeader(replica)) Partition.TrueHighWatermark = Math.Max(Partition.TrueHighWatermark, replica.HighWatermark);
        }

        foreach (var replica in Partition.Replicas) replica.Log.Match(Partition.Committed);
        return this;
    }

    private Observed Replica(int broker, int epoch, string log, long highWatermark, bool leads)
    {
        WriteLog(_world.FindMachine($"broker-{broker}")!, log);
        var replica = this[broker];
        replica.Log.Reset();
        replica.Log.Follow(log.Length);
        replica.IsRunning = true;
        replica.PresumesLeadership = leads;
        replica.MaximalIsr = leads ? Partition.Quorum?.Isr ?? [broker] : [];
        replica.LeaderEpoch = epoch;
        replica.HighWatermark = highWatermark;
        replica.LogEnd = log.Length;
        return Seen();
    }

    private void WriteLog(SimMachine machine, string log)
    {
        machine.Start(async node =>
        {
            await node.Disk.CreateDirectory("t-0");
            var file = await node.Disk.Open("t-0/00000000000000000000.log", OpenMode.OpenOrCreate);
            await file.SetLength(0);
            for (var offset = 0; offset < log.Length; offset++) await file.Write(file.Length, BatchOf(offset, 0, log[offset].ToString()));
        });
        _world.RunUntil(() => !machine.IsUp, TimeSpan.FromSeconds(10));
    }

    /// <summary>A batch with one record for each value.</summary>
    public static byte[] BatchOf(long baseOffset, int epoch, params string[] values)
    {
        var builder = new RecordBatchBuilder { BaseOffset = baseOffset, PartitionLeaderEpoch = epoch };
        foreach (var value in values) builder.Append(1000, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }
}
