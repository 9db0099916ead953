using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Wire.Records;
using Scenarios.History;
using Scenarios.Observation;
using Scenarios.Properties;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>What may go of a log's beginning. The log of partition "t-0" has ten records, a batch each, the n-th of them from the n-th second.</summary>
public sealed class LawfulDeletionTests
{
    private const int Records = 10;
    private readonly SimWorld _world = new(1);
    private readonly ClientHistory _history = new();
    private readonly DeletionReach _requests;
    private TimeSpan _now;

    public LawfulDeletionTests() => _requests = new DeletionReach(_history, () => (long)_now.TotalMicroseconds, longestHang: TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData(4, 8_001, null)] // the youngest that went is of second 3, and was 5001 ms old
    [InlineData(4, 8_000, "broker 1 deleted the record at offset 3, 5000 ms old")]
    [InlineData(1, 5_000, "broker 1 deleted the record at offset 0, 5000 ms old")]
    [InlineData(10, 14_001, null)]
    public void By_age_goes_what_is_older_than_the_policy_says(long start, long now, string? violation) =>
        Expect(violation, Look(new LogUpkeep(false, true, 0, 0, RetentionMillis: 5_000), start, now));

    [Theory]
    [InlineData(4, null)]
    [InlineData(7, null)]
    [InlineData(8, "broker 1 deleted the record at offset 0, 20000 ms old")]
    public void By_size_goes_as_much_as_leaves_what_the_policy_says(long start, string? violation) =>
        Expect(violation, Look(new LogUpkeep(false, true, 0, 0, RetentionBytes: 3 * SizeOfBatch), start, now: 20_000));

    [Theory]
    [InlineData(5, 5, null)]
    [InlineData(5, 6, "broker 1 deleted the record at offset 5, 15000 ms old")]
    [InlineData(-1, 10, null)]
    public void On_request_goes_what_was_asked_for(long requested, long start, string? violation)
    {
        _history.BeginDeletion("t-1", 10);
        _history.BeginDeletion("t-0", requested);
        Expect(violation, Look(new LogUpkeep(false, true, 0, 0), start, now: 20_000));
    }

    [Theory]
    [InlineData(true, 0, -1, false)] // what an answered one meant was committed before the answer
    [InlineData(false, 35, -1, true)] // one that failed may still stand in the queue of a leader that hangs
    [InlineData(false, 36, -1, false)]
    [InlineData(false, 15, 0, true)] // after the healing nobody hangs
    [InlineData(false, 16, 0, false)]
    [InlineData(false, 25, 10, true)]
    [InlineData(false, 26, 10, false)]
    public void A_deletion_of_everything_reaches_what_was_committed_while_it_could_be_carried_out(bool isDone, int seconds, int healedAfter, bool reaches)
    {
        var (partition, property) = Prepare(new LogUpkeep(false, true, 0, 0), 1, highWatermark: 4);
        var deletion = _history.BeginDeletion("t-0", -1);
        Assert.Null(property.FindViolation());
        Pass(20); // as long as it is under way it may be carried out
        Commit(5);
        Assert.Null(property.FindViolation());
        deletion.End(isDone);
        Commit(5);
        Assert.Null(property.FindViolation());
        if (healedAfter >= 0)
        {
            Pass(healedAfter);
            _requests.NoteHealing();
        }

        Pass(seconds - Math.Max(healedAfter, 0));
        Commit(8);
        Assert.Null(property.FindViolation());
        Show(partition.Replicas[0], reaches ? 8 : 5, 20_000, highWatermark: 8);
        Assert.Null(property.FindViolation());
        Show(partition.Replicas[0], reaches ? 9 : 6, 20_000, highWatermark: 9);
        Expect($"broker 1 deleted the record at offset {(reaches ? 8 : 5)}", property.FindViolation());

        void Pass(int span) => _now += TimeSpan.FromSeconds(span);

        void Commit(long end)
        {
            Show(partition.Replicas[0], 0, 0, end);
            partition.Committed.Extend(partition.Replicas[0].Log, end);
        }
    }

    [Fact]
    public void Nothing_goes_that_has_not_been_committed() =>
        Expect("nothing at or above 6 has been committed", Look(new LogUpkeep(false, true, 0, 0, RetentionMillis: 1), 7, now: 100_000, highWatermark: 6));

    [Fact]
    public void Without_a_policy_nothing_goes() => Expect("nothing goes by age or size", Look(new LogUpkeep(false, true, 0, 0), 1, now: 100_000));

    [Fact]
    public void Others_may_follow_a_start_that_was_lawful()
    {
        var upkeep = new LogUpkeep(false, true, 0, 0, RetentionMillis: 5_000);
        var (partition, property) = Prepare(upkeep, 2);
        Show(partition.Replicas[0], 4, 8_001, Records);
        Assert.Null(property.FindViolation());
        Show(partition.Replicas[1], 4, 0, Records); // its clock is behind
        Assert.Null(property.FindViolation());
        Show(partition.Replicas[1], 5, 0, Records);
        Expect("broker 2 deleted the record at offset 4", property.FindViolation());
    }

    private static int SizeOfBatch => BatchOf(0).Length;

    private string? Look(LogUpkeep upkeep, long start, long now, long highWatermark = Records)
    {
        var (partition, property) = Prepare(upkeep, 1, highWatermark);
        Assert.Null(property.FindViolation());
        Show(partition.Replicas[0], start, now, highWatermark);
        return property.FindViolation();
    }

    private (PartitionObservation Partition, LawfulDeletion Property) Prepare(LogUpkeep upkeep, int brokers, long highWatermark = Records)
    {
        List<ReplicaObservation> replicas = [.. Enumerable.Range(1, brokers).Select(id => new ReplicaObservation(id, new ShadowLog(DiskOf(id), "t-0", upkeep)))];
        var partition = new PartitionObservation("t", 0, replicas, upkeep);
        foreach (var replica in replicas)
        {
            Show(replica, 0, 0, highWatermark);
            partition.Committed.Extend(replica.Log, highWatermark);
        }

        return (partition, new LawfulDeletion([partition], _requests));
    }

    private static void Show(ReplicaObservation replica, long start, long now, long highWatermark)
    {
        (replica.IsRunning, replica.LogEnd, replica.LogStart, replica.HighWatermark, replica.WallMillis) = (true, Records, start, highWatermark, now);
        replica.Log.Follow(Records, start);
    }

    private SimDisk DiskOf(int broker)
    {
        var machine = _world.AddMachine($"broker-{broker}");
        machine.Start(async node =>
        {
            await node.Disk.CreateDirectory("t-0");
            var file = await node.Disk.Open("t-0/00000000000000000000.log", OpenMode.OpenOrCreate);
            for (var offset = 0; offset < Records; offset++) await file.Write(file.Length, BatchOf(offset));
        });
        _world.RunUntil(() => !machine.IsUp, TimeSpan.FromSeconds(10));
        return machine.Disk;
    }

    private static byte[] BatchOf(int offset)
    {
        var builder = new RecordBatchBuilder { BaseOffset = offset, PartitionLeaderEpoch = 0 };
        builder.Append(offset * 1_000, null, new byte[] { 1 });
        return builder.Build();
    }

    private static void Expect(string? part, string? violation)
    {
        if (part is null) Assert.Null(violation);
        else Assert.Contains(part, violation, StringComparison.Ordinal);
    }
}
