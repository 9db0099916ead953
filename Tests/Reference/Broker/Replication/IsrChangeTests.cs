using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>A leader's changes of its ISR, as they arrive at the store.</summary>
public partial class IsrChangeTests
{
    /// <summary>
    /// Found by seed 68: a fetch that came while the leader passed from one epoch to the next wrote the old epoch against the new
    /// version of the znode, and the leader epoch in the store fell.
    /// </summary>
    [Fact]
    public void A_change_begun_between_two_leader_epochs_is_written_against_the_version_of_its_own_epoch()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            var passing = partition.Lead(State(leaderEpoch: 2, zkVersion: 9)); // waits for the disk
            Assert.Equal((2, 1), (partition.LeaderEpoch, partition.Leadership!.Epoch));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await passing;
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2", "epoch 2 version 9 ISR 1,3"], store.Writes);
    }

    [Fact]
    public void A_follower_with_records_that_nobody_can_compare_any_more_joins_when_it_has_given_them_up()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Log.TruncateFullyAndStartAt(10); // all below has been deleted
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 10, leaderEnd: 10, logStart: 4);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Empty(store.Writes);
            partition.FollowerFetched(2, fetchOffset: 10, leaderEnd: 10, logStart: 10);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2"], store.Writes);
    }

    [Fact]
    public void The_next_change_of_an_epoch_is_written_against_the_version_that_the_last_one_gave()
    {
        var store = new RecordingStore { Answer = wished => new PartitionUpdate(true, wished.ZkVersion + 1) };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal([1, 2, 3], partition.Isr!.Committed);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2", "epoch 1 version 6 ISR 1,2,3"], store.Writes);
    }

    [Fact]
    public void After_a_refusal_nothing_more_is_written_in_that_epoch()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            for (var i = 0; i < 3; i++)
            {
                partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
                partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            Assert.Equal([1], partition.Isr!.Committed);
            Assert.Equal([1, 2], partition.Isr.Maximal); // the high watermark waits for whoever may have joined
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2"], store.Writes);
    }

    /// <summary>Whatever keeps the store from saying how a change ended: it stays proposed, and is written again until that is known.</summary>
    [Fact]
    public void A_change_whose_outcome_is_not_known_is_tried_again_until_it_is()
    {
        var failures = new Queue<Exception>(
        [
            new MalformedZnodeException("/brokers/topics/orders/partitions/0/state", "it is no JSON"),
            new CoordinationException(CoordinationError.NoAuth, "not allowed"),
        ]);
        var store = new RecordingStore { Answer = wished => failures.TryDequeue(out var failure) ? throw failure : new PartitionUpdate(true, wished.ZkVersion + 1) };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            Assert.Equal([1], partition.Isr!.Committed);
            Assert.Equal([1, 2], partition.Isr.Maximal);
            await node.Clock.Delay(TimeSpan.FromSeconds(5));
            Assert.Equal([1, 2], partition.Isr!.Committed);
            Assert.False(partition.Isr.IsChanging);
        });
        Assert.Equal(Enumerable.Repeat("epoch 1 version 5 ISR 1,2", 3), store.Writes);
    }

    [Fact]
    public void A_change_is_not_tried_again_once_the_leadership_is_over()
    {
        var store = new RecordingStore { Answer = _ => throw new CoordinationException(CoordinationError.NoAuth, "not allowed") };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            partition.Stop();
            await node.Clock.Delay(TimeSpan.FromMinutes(1));
        });
        Assert.Single(store.Writes);
    }

    [Fact]
    public void A_broker_that_is_not_alive_does_not_join()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store, isAlive: id => id != 2);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,3"], store.Writes);
    }

    [Fact]
    public void A_disk_lost_while_the_lead_is_taken_stays_lost()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, new RecordingStore());
            var leading = partition.Lead(State(leaderEpoch: 1, zkVersion: 5)); // waits for the disk
            partition.LoseDisk();
            Assert.False(await leading);
            Assert.Equal((ReplicaRole.Offline, false), (partition.Role, partition.IsLeader));
        });
    }

    /// <summary>As in Kafka, where an append holds the lock that a change of the epoch needs: the leader stays, so nobody has to ask again.</summary>
    [Fact]
    public void A_leader_that_passes_to_its_next_epoch_appends_what_comes_meanwhile_in_that()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, new RecordingStore());
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            var written = partition.Append(RawBatch(), acks: 1);
            var waiting = partition.Append(RawBatch(), acks: 1); // for its turn at the log
            var passing = partition.Lead(State(leaderEpoch: 2, zkVersion: 9));
            var late = partition.Append(RawBatch(), acks: 1);
            await passing;
            Assert.Equal(0, (await written).Info.BaseOffset);
            Assert.Equal([1L, 2L], new[] { (await waiting).Info.BaseOffset, (await late).Info.BaseOffset }.Order());
            Assert.Equal((1L, 2L), (partition.Leadership!.EpochStart, (long)partition.Log.LatestEpoch));
            Assert.Equal(3, partition.Log.LogEndOffset);
        });
    }

    [Fact]
    public void An_append_that_waits_for_the_next_epoch_of_a_leader_that_ends_is_refused()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, new RecordingStore());
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            var passing = partition.Lead(State(leaderEpoch: 2, zkVersion: 9));
            var waiting = partition.Append(RawBatch(), acks: 1);
            partition.Stop();
            await passing;
            Assert.Equal(ErrorCode.NotLeaderOrFollower, await Refusal(waiting.AsVoid()));
        });
    }

    private static async LoopTask<ErrorCode> Refusal(LoopTask task)
    {
        try
        {
            await task;
            return ErrorCode.None;
        }
        catch (ReplicaException e)
        {
            return e.Code;
        }
    }

    private static Memory<byte> RawBatch()
    {
        var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, new byte[] { 1 });
        return builder.Build();
    }

    private static async LoopTask<Partition> Create(StorageBox box, Node node, IIsrStore store, Func<int, bool>? isAlive = null)
    {
        var config = new BrokerConfig { BrokerId = 1 };
        var log = await (await box.Load(node)).GetOrCreate(StorageBox.Orders);
        var context = new ReplicationContext(node, 1, config, BrokerDecisions.Kafka, store) { IsAlive = isAlive ?? (static _ => true), BrokerEpoch = () => store is RecordingStore { KnowsEpochs: true } ? 10 : -1 };
        return new Partition(StorageBox.Orders, context, log, TopicConfig.DefaultsOf(config));
    }

    private static LeaderAndIsrRequest.LeaderAndIsrPartitionState State(int leaderEpoch, int zkVersion) => new()
    {
        ControllerEpoch = 1,
        Leader = 1,
        LeaderEpoch = leaderEpoch,
        Isr = [1],
        ZkVersion = zkVersion,
        Replicas = [1, 2, 3],
    };

    /// <summary>Refuses every change unless told otherwise, as the store does to one who does not know its version.</summary>
    private sealed class RecordingStore : IIsrStore
    {
        public List<string> Writes { get; } = [];

        public Func<PartitionStateZnode, PartitionUpdate> Answer { get; init; } = _ => new PartitionUpdate(false, 0);

        /// <summary>The registered brokers' epochs.</summary>
        public Dictionary<int, long> Epochs { get; } = [];

        public bool KnowsEpochs { get; init; }

        /// <summary>How often an epoch was asked for.</summary>
        public int Looks { get; private set; }

        /// <summary>Answers in place of <see cref="Epochs"/>.</summary>
        public Func<int, LoopTask<long?>>? Look { get; init; }

        /// <summary>Answers in place of <see cref="Answer"/>.</summary>
        public Func<PartitionStateZnode, LoopTask<PartitionUpdate>>? Write { get; init; }

        public LoopTask<long?> BrokerEpoch(int brokerId)
        {
            Looks++;
            return Look is not null ? Look(brokerId) : LoopTask.FromResult<long?>(Epochs.TryGetValue(brokerId, out var epoch) ? epoch : null);
        }

        public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished)
        {
            Writes.Add($"epoch {wished.LeaderEpoch} version {wished.ZkVersion} ISR {string.Join(',', wished.Isr.Select(m => wished.EpochOf(m) is >= 0 and var e ? $"{m}@{e}" : $"{m}"))}");
            return Write is not null ? Write(wished) : LoopTask.FromResult(Answer(wished));
        }

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
