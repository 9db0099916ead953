using System;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Scenarios.Cluster;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>A broker that refuses a log behind which there is junk is excused once, and for that log only.</summary>
public sealed class JunkAccountTests
{
    private const string Struck = "kafka-logs/orders-1/00000000000000000000.log";
    private const string Spared = "kafka-logs/orders-0/00000000000000000000.log"; // loaded first
    private readonly SimWorld _world = new(1, new WorldOptions { Buggify = false });
    private readonly CoordinationMachine _coordination;

    public JunkAccountTests() => _coordination = new CoordinationMachine(_world);

    [Fact]
    public void Junk_is_found_by_the_start_after_one_that_ended_before_it_had_looked()
    {
        var broker = Prepare(BrokerDecisions.Kafka);
        Assert.True(broker.Machine.Disk.Litter(Struck, [1, 2, 3]));
        var size = broker.Machine.Disk.Peek(Struck).Length;
        broker.Start(); // without the store it comes to nothing
        _world.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(size, broker.Machine.Disk.Peek(Struck).Length);
        _coordination.Start();
        Assert.True(_world.RunUntil(() => broker.HasServed, TimeSpan.FromMinutes(1)), _world.Failure?.Message);
        Assert.Equal(size - 3, broker.Machine.Disk.Peek(Struck).Length);
    }

    [Fact]
    public void A_refused_log_is_recovered_once_the_operator_has_done_what_the_refusal_says()
    {
        var broker = Prepare(BrokerDecisions.Kafka);
        Assert.True(broker.Machine.Disk.Litter(Struck, [1, 2, 3]));
        _coordination.Start();
        broker.Start();
        Assert.True(_world.RunUntil(() => broker.Machine.HasExited, TimeSpan.FromMinutes(1)));
        Assert.Contains(".kafka_cleanshutdown", broker.Machine.Disk.PeekNames("kafka-logs")); // or the next start would cut without a word
        Assert.True(_world.RunUntil(() => broker.HasServed, TimeSpan.FromMinutes(1)), _world.Failure?.Message);
        Assert.Equal(2, broker.Machine.Incarnations - 1); // the first process laid the logs out
    }

    [Fact]
    public void Junk_excuses_no_other_log()
    {
        var broker = Prepare(BrokerDecisions.Kafka, damaged: true);
        Assert.True(broker.Machine.Disk.Litter(Struck, new byte[3]));
        Assert.Contains(Spared, FailureOf(broker), StringComparison.Ordinal);
    }

    [Fact]
    public void Junk_that_a_start_has_survived_excuses_nothing_later()
    {
        var disk = Prepare(BrokerDecisions.Kafka).Machine.Disk;
        var account = new JunkAccount(disk);
        var refusal = new CorruptLogException(Struck, 7, "no");
        Assert.False(account.Explains(refusal));
        disk.Litter(Struck, [1]);
        Assert.Equal((true, false, false), (account.Explains(refusal), account.Explains(new InvalidOperationException()), account.Explains(null)));
        account.Settle();
        Assert.False(account.Explains(refusal));
        disk.Litter(Spared, [1]);
        Assert.False(account.Explains(refusal));
    }

    private string FailureOf(BrokerMachine broker)
    {
        _coordination.Start();
        broker.Start();
        Assert.False(_world.RunUntil(() => broker.HasServed, TimeSpan.FromMinutes(1)));
        Assert.Equal("no-unhandled-exception", _world.Failure?.Property);
        return _world.Failure!.Message;
    }

    /// <summary>A broker that is down, with two logs that were closed in order.</summary>
    private BrokerMachine Prepare(BrokerDecisions decisions, bool damaged = false)
    {
        var swarm = Swarm.Draw(_world.Random("swarm"));
        var broker = new BrokerMachine(_world, 1, new ClusterShape(swarm, _coordination.Machine.Name), decisions);
        var exited = broker.Machine.Exited;
        broker.Machine.Exited = null;
        broker.Machine.Start(async node =>
        {
            foreach (var path in (string[])[Spared, Struck])
            {
                await node.Disk.CreateDirectory(DiskExtensions.ParentOf(path));
                var builder = new RecordBatchBuilder { BaseOffset = 0, PartitionLeaderEpoch = 0 };
                builder.Append(0, null, new byte[] { 1 });
                await node.Disk.WriteAtomically(path, path == Spared && damaged ? builder.Build()[..^1] : builder.Build());
            }

            await node.Disk.WriteAtomically("kafka-logs/.kafka_cleanshutdown", Array.Empty<byte>());
        });
        Assert.True(_world.RunUntil(() => !broker.Machine.IsUp, TimeSpan.FromSeconds(10)));
        broker.Machine.Exited = exited;
        return broker;
    }
}
