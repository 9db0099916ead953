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
/// A compacted partition "t-0" on brokers 1 to 3 as the checker sees it. A log is written as words, one offset each: <c>a1</c> is the
/// record 1 of key a, <c>a-</c> a tombstone of key a, <c>.</c> a hole. Records carry the timestamp 0; the brokers' clocks show what
/// <see cref="Clock"/> was told.
/// </summary>
internal sealed class CompactedLog
{
    private const string First = "00000000000000000000.log";
    private readonly SimWorld _world = new(1);
    private int _rewrites;
    private long _wall = 1_000_000;

    public CompactedLog(long minLag = 0, long deleteRetention = 0)
    {
        var upkeep = new LogUpkeep(Compacts: true, Deletes: true, minLag, deleteRetention);
        var replicas = Enumerable.Range(1, 3).Select(id => new ReplicaObservation(id, new ShadowLog(_world.AddMachine($"broker-{id}").Disk, "t-0", upkeep))).ToList();
        Partition = new PartitionObservation("t", 0, replicas, upkeep);
    }

    public PartitionObservation Partition { get; }

    public ShadowLog this[int broker] => Partition.Replicas[broker - 1].Log;

    /// <summary>From now on the brokers' wall clocks show this.</summary>
    public CompactedLog Clock(long millis)
    {
        _wall = millis;
        return this;
    }

    /// <summary>A broker's log holds these words, of which all but the last few are committed.</summary>
    public CompactedLog Appended(int broker, string words, int uncommitted = 0) => Show(broker, words, uncommitted, start: 0);

    /// <summary>A broker has exchanged its segments, and these words are left.</summary>
    public CompactedLog Compacted(int broker, string words, long start = 0)
    {
        _rewrites++;
        return Show(broker, words, 0, start);
    }

    private CompactedLog Show(int broker, string words, int uncommitted, long start)
    {
        var log = words.Split(' ');
        Write(broker, log);
        var replica = Partition.Replicas[broker - 1];
        (replica.IsRunning, replica.LogEnd, replica.LogStart, replica.HighWatermark, replica.WallMillis) = (true, log.Length, start, log.Length - uncommitted, _wall);
        replica.Log.Follow(log.Length, start, _rewrites);
        Partition.Committed.Extend(replica.Log, replica.HighWatermark, _wall);
        replica.Log.Match(Partition.Committed);
        return this;
    }

    private void Write(int broker, string[] log)
    {
        var machine = _world.FindMachine($"broker-{broker}")!;
        machine.Start(async node =>
        {
            await node.Disk.CreateDirectory("t-0");
            var file = await node.Disk.Open("t-0/" + First, OpenMode.OpenOrCreate);
            await file.SetLength(0);
            for (var offset = 0; offset < log.Length; offset++)
            {
                if (log[offset] != ".") await file.Write(file.Length, BatchOf(offset, log[offset]));
            }
        });
        _world.RunUntil(() => !machine.IsUp, TimeSpan.FromSeconds(10));
    }

    /// <summary>A batch with these records, a word each.</summary>
    public static byte[] BatchOf(long baseOffset, params IReadOnlyList<string> words)
    {
        var builder = new RecordBatchBuilder { BaseOffset = baseOffset, PartitionLeaderEpoch = 0 };
        foreach (var word in words) builder.Append(0, Encoding.UTF8.GetBytes(word[..1]), word[1] == '-' ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(word[1..]));
        return builder.Build();
    }
}
