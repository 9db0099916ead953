using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Znodes;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>
/// States that a reign could not read when it began, and what their brokers have done meanwhile. That a broker restarts means here that it comes
/// back with less than it had.
/// </summary>
public sealed class StateAdoptionTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    /// <summary>In the epoch that it led before, its follower would cut its log to what the restarted leader still has.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_leader_that_restarted_before_its_partition_could_be_read_again_follows_one_that_did_not(bool isWholeTopic)
    {
        var scene = new Scene(isWholeTopic);
        scene.Restart(scene.Leader);
        Assert.Equal(scene.LedIn, scene.StandingEpoch);
        scene.Repair();
        scene.Cluster.Until(() => scene.State is { } s && s.Leader == scene.Follower && s.Isr.SequenceEqual([scene.Follower]), "the one that did not restart leads");
        Assert.True(scene.State!.LeaderEpoch > scene.LedIn);
        scene.Cluster.Until(() => scene.IsToldWhoLeads(scene.Leader) && scene.IsToldWhoLeads(scene.Follower), "both know");
    }

    /// <summary>If it stayed in the ISR it would lead when the leader dies.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_follower_that_restarted_before_its_partition_could_be_read_again_is_not_in_the_ISR(bool isWholeTopic)
    {
        var scene = new Scene(isWholeTopic);
        scene.Restart(scene.Follower);
        scene.Repair();
        scene.Cluster.Until(() => scene.State is { } s && s.Leader == scene.Leader && s.Isr.SequenceEqual([scene.Leader]), "the leader is alone in the ISR");
        scene.Cluster.Until(() => scene.IsToldWhoLeads(scene.Leader) && scene.IsToldWhoLeads(scene.Follower), "both know");
        scene.Cluster.Brokers[scene.Leader - 1].Machine.Crash();
        scene.Cluster.Until(() => scene.State is { Leader: PartitionStateZnode.NoLeader } s && s.Isr.SequenceEqual([scene.Leader]), "nobody leads in its place");
    }

    /// <summary>A new one would be created in a sound log directory of a broker whose other one has failed, and what is in that given up.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_nobody_has_restarted_the_leader_stays_in_a_new_epoch_and_no_replica_is_new(bool isWholeTopic)
    {
        var scene = new Scene(isWholeTopic);
        scene.Repair();
        scene.Cluster.Until(() => scene.State is { } s && s.LeaderEpoch > scene.LedIn, "a new epoch begins");
        Assert.Equal((scene.Leader, 2), (scene.State!.Leader, scene.State.Isr.Count));
        scene.Cluster.Until(() => scene.IsToldWhoLeads(scene.Leader) && scene.IsToldWhoLeads(scene.Follower), "both know");
    }

    /// <summary>What the leader tells of a change of the ISR is no reason to believe it all.</summary>
    [Fact]
    public void A_change_of_the_ISR_that_is_told_of_a_repaired_state_makes_the_controller_take_it_over()
    {
        var scene = new Scene(isWholeTopic: false);
        scene.Restart(scene.Follower);
        scene.Mend();
        scene.Cluster.Ask(async z =>
        {
            await z.PropagateIsrChanges([s_partition]);
            return true;
        });
        scene.Cluster.Until(() => scene.State is { } s && s.Leader == scene.Leader && s.Isr.SequenceEqual([scene.Leader]), "the leader is alone in the ISR");
    }

    /// <summary>The reign knew the state, but could not change it when the leader died.</summary>
    [Fact]
    public void A_leader_that_restarts_while_the_known_state_cannot_be_read_does_not_lead_on()
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3]);
        var before = cluster.State(s_partition)!;
        cluster.Put(KafkaPaths.PartitionState(s_partition), "nonsense");
        Restart(cluster, 2);
        Assert.DoesNotContain(s_partition, cluster.Brokers[1].Told.Keys);
        cluster.Put(KafkaPaths.PartitionState(s_partition), Encoding.UTF8.GetString((before with { IsrEpochs = PartitionStateZnode.KnownEpochs([], _ => -1) }).Encode()));
        Poke(cluster);
        cluster.Until(() => cluster.State(s_partition) is { Leader: 3, Isr: [3] } s && s.LeaderEpoch > before.LeaderEpoch, "the other leads");
        cluster.Until(() => cluster.Brokers[1].Told.TryGetValue(s_partition, out var told) && told is { Leader: 3, IsNew: false }, "the one that restarted follows");
    }

    /// <summary>The leader has found a member in sync in a registration that the controller is still to see.</summary>
    [Fact]
    public void An_election_does_not_set_back_the_registration_in_which_the_leader_has_found_a_member_in_sync()
    {
        var cluster = Started();
        cluster.CreateTopic("orders", [2, 3]);
        var state = cluster.State(s_partition)!;
        var later = state.EpochOf(3) + 1000;
        Assert.True(cluster.Ask(z => z.UpdatePartitionState(s_partition, state with { IsrEpochs = PartitionStateZnode.KnownEpochs([2, 3], m => m == 3 ? later : state.EpochOf(m)) })).Updated);
        cluster.AskController(c => c.ShutdownBroker(2, -1));
        Assert.Equal((3, later), (cluster.State(s_partition)!.Leader, cluster.State(s_partition)!.EpochOf(3)));
    }

    [Fact]
    public void A_broker_that_answers_of_replicas_that_it_does_not_have_is_not_believed()
    {
        var cluster = Started();
        cluster.Brokers[1].AlsoAnswers.Add(s_partition);
        cluster.CreateTopic("users", [2, 3]);
        cluster.Until(() => cluster.Brokers[1].Told.ContainsKey(new("users", 0)), "it has answered");
        cluster.RunFor(1);
        cluster.Brokers[1].AlsoAnswers.Clear();
        cluster.CreateTopic("orders", [2, 3]);
        Assert.Equal((2, 2), (cluster.State(s_partition)!.Leader, cluster.State(s_partition)!.Isr.Count));
    }

    private static ControllerCluster Started(int brokers = 3)
    {
        var cluster = new ControllerCluster(brokers);
        cluster.StartAll();
        return cluster;
    }

    private static void Restart(ControllerCluster cluster, int id)
    {
        var broker = cluster.Brokers[id - 1];
        var epoch = broker.Controller.BrokerEpoch;
        broker.Machine.Crash();
        cluster.Until(() => !cluster.Controller.Controller.LiveBrokers.Contains(id), "it is missed");
        broker.Machine.Restart();
        cluster.Until(() => broker.Controller.BrokerEpoch > epoch && cluster.Controller.Controller.LiveBrokers.Contains(id), "it is back");
        cluster.RunFor(2);
    }

    /// <summary>Lets the controller look for leaders where there are none.</summary>
    private static void Poke(ControllerCluster cluster) => cluster.Controller.Machine.Invoke(cluster.Controller.Controller.BrokerOptionsChanged);

    /// <summary>
    /// The topic orders, or just the state of its partition, cannot be read when the second reign begins. In the ISR are the two replicas whose
    /// brokers do not reign.
    /// </summary>
    private sealed class Scene
    {
        private readonly bool _isWholeTopic;
        private readonly string _assignment;
        private readonly PartitionStateZnode _state;

        public Scene(bool isWholeTopic)
        {
            _isWholeTopic = isWholeTopic;
            Cluster = Started(4);
            Cluster.CreateTopic("orders", [2, 3, 4]);
            _assignment = Encoding.UTF8.GetString(Cluster.Ask(z => z.Topic("orders"))!.Encode());
            var before = State!;
            Cluster.Put(isWholeTopic ? KafkaPaths.Topic("orders") : KafkaPaths.PartitionState(s_partition), "nonsense");
            Cluster.Brokers[0].Machine.Crash();
            Cluster.Until(() => Cluster.Brokers.Skip(1).Any(b => b.Controller.IsController), "another reigns");
            Cluster.RunFor(2);
            int[] others = [.. Cluster.Brokers.Skip(1).Select(b => b.Id).Where(id => id != Cluster.Controller.Id)];
            (Leader, Follower) = (others[0], others[1]);
            _state = before with { Leader = Leader, Isr = others, LeaderEpoch = before.LeaderEpoch + 1 };
            LedIn = _state.LeaderEpoch;
            if (isWholeTopic) Assert.True(Cluster.Ask(z => z.UpdatePartitionState(s_partition, _state)).Updated);
            foreach (var broker in Cluster.Brokers) broker.Told.Clear();
        }

        public ControllerCluster Cluster { get; }

        public int Leader { get; }

        public int Follower { get; }

        /// <summary>The leader epoch before the repair.</summary>
        public int LedIn { get; }

        public PartitionStateZnode? State => Cluster.State(s_partition);

        public int StandingEpoch => _isWholeTopic ? State!.LeaderEpoch : LedIn;

        public void Restart(int id) => StateAdoptionTests.Restart(Cluster, id);

        /// <summary>Mends the znode by hand, as it was, and lets the controller look.</summary>
        public void Repair()
        {
            Mend();
            if (!_isWholeTopic) Poke(Cluster);
        }

        public void Mend()
        {
            if (_isWholeTopic) Cluster.Put(KafkaPaths.Topic("orders"), _assignment);
            else Cluster.Put(KafkaPaths.PartitionState(s_partition), Encoding.UTF8.GetString(_state.Encode()));
        }

        public bool IsToldWhoLeads(int id) =>
            Cluster.Brokers[id - 1].Told.TryGetValue(s_partition, out var told) && told.Leader == State!.Leader && told.LeaderEpoch == State.LeaderEpoch && !told.IsNew;
    }
}
