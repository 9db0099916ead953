using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Reference.Coordination.Tree;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Scenarios.Properties;

/// <summary>
/// A cluster that says what a test lets it say: a store with a tree of its own and brokers 1 to 3 with words instead of logs. The
/// observation of it is the real one.
/// </summary>
internal sealed class ObservedCluster
{
    private readonly SimWorld _world = new(1);
    private readonly FakeStore _store;
    private readonly List<FakeBroker> _brokers;

    public ObservedCluster(int partitions = 1)
    {
        _store = new FakeStore(_world.AddMachine("store"));
        _brokers = Enumerable.Range(1, 3).Select(id => new FakeBroker(id, _world.AddMachine($"broker-{id}"))).ToList();
        foreach (var machine in _world.Machines) Run(machine);
        Observation = new ClusterObservation(_store, _brokers, "t", partitions);
    }

    public ClusterObservation Observation { get; }

    public PartitionObservation Partition => Observation.Partitions[0];

    public FakeBroker this[int id] => _brokers[id - 1];

    /// <summary>The store names a leader, its epoch and an ISR, durably.</summary>
    public ObservedCluster Store(int leader, int epoch, int[] isr, int controllerEpoch = 1, int partition = 0)
    {
        _store.Write($"/brokers/topics/t/partitions/{partition}/state", $$"""{"controller_epoch":{{controllerEpoch}},"leader":{{leader}},"version":1,"leader_epoch":{{epoch}},"isr":[{{string.Join(",", isr)}}]}""");
        return Synced();
    }

    /// <summary>The store has a topic, durably.</summary>
    public ObservedCluster Topic(string name)
    {
        _store.Write("/brokers/topics/" + name, "{}");
        return Synced();
    }

    /// <summary>The store gives partition 0 its replicas, durably.</summary>
    public ObservedCluster Assign(string replicas, string adding = "[]", string removing = "[]")
    {
        _store.Write("/brokers/topics/t", $$"""{"version":2,"partitions":{"0":{{replicas}}},"adding_replicas":{"0":{{adding}} },"removing_replicas":{"0":{{removing}} } }""");
        return Synced();
    }

    /// <summary>A broker has a directory of partition 0.</summary>
    public ObservedCluster Keeps(int broker) => OnDisk(broker, disk => disk.CreateDirectory("logs/t-0"));

    /// <summary>A broker has none any more.</summary>
    public ObservedCluster Drops(int broker) => OnDisk(broker, disk => disk.Delete("logs/t-0"));

    /// <summary>A broker's logs are said to be closed in order.</summary>
    public ObservedCluster Marked(int broker) => OnDisk(broker, async disk =>
    {
        await disk.CreateDirectory("logs");
        (await disk.Open("logs/.kafka_cleanshutdown", OpenMode.CreateNew)).Close();
    });

    /// <summary>The store has a controller epoch, durably.</summary>
    public ObservedCluster ControllerEpoch(int epoch)
    {
        _store.Write("/controller_epoch", $"{epoch}");
        return Synced();
    }

    /// <summary>What is written from now on stands in the store's memory, but not on its disk, until <see cref="Synced"/>.</summary>
    public ObservedCluster Unsynced()
    {
        _store.SyncsAtOnce = false;
        return this;
    }

    /// <summary>The store's disk has come to the end, unless <see cref="Unsynced"/>; the checker looks.</summary>
    public ObservedCluster Synced(bool now = false)
    {
        if (now) _store.SyncsAtOnce = true;
        if (_store.SyncsAtOnce) _store.DurableZxid = _store.Tree.LastZxid;
        Observation.Refresh(_store.Machine);
        return this;
    }

    /// <summary>A broker leads or follows in an epoch, with an empty log.</summary>
    public ObservedCluster Replica(int broker, int epoch, bool leads = false, long highWatermark = 0, long logEnd = 0)
    {
        this[broker].Reading = new ReplicaReading(leads, epoch, [], [], highWatermark, logEnd, 0, 0);
        Observation.Refresh(this[broker].Machine);
        return this;
    }

    /// <summary>A broker's process is another one.</summary>
    public ObservedCluster Restart(int broker)
    {
        this[broker].Machine.Crash();
        Run(this[broker].Machine);
        return this;
    }

    /// <summary>A broker is down for good.</summary>
    public ObservedCluster Fall(int broker)
    {
        this[broker].Machine.Crash();
        (this[broker].IsFallen, this[broker].Reading) = (true, null);
        Observation.Refresh(this[broker].Machine);
        return this;
    }

    private ObservedCluster OnDisk(int broker, Func<IDisk, LoopTask> act)
    {
        var machine = this[broker].Machine;
        machine.Invoke(() => machine.Process!.Loop.Spawn(act(machine.Process.Node.Disk)));
        _world.RunFor(TimeSpan.FromSeconds(1));
        return this;
    }

    private static void Run(SimMachine machine) => machine.Start(async _ => await new LoopPromise<Nothing>().Task);

    internal sealed class FakeBroker(int id, SimMachine machine) : IObservedBroker
    {
        public int Id => id;

        public SimMachine Machine => machine;

        public IReadOnlyList<string> LogDirectories { get; init; } = ["logs"];

        public IReadOnlyList<string> OpenDirectories { get; set; } = ["logs"];

        public int Incarnation
        {
            get => field != 0 ? field : machine.Process?.Incarnation ?? 0;
            set;
        }

        public bool IsFallen { get; set; }

        public bool IsLoading { get; set; }

        public bool IsController { get; set; }

        public int? ReignEpoch { get; set; }

        public long? BrokerEpoch { get; set; }

        public (int Leader, int Epoch)? Knows { get; set; }

        public List<string> Topics { get; } = [];

        public IReadOnlyCollection<string>? KnownTopics => Topics;

        public ReplicaReading? Reading { get; set; }

        public (int Leader, int Epoch)? KnownLeader(string topic, int partition) => Knows;

        public ReplicaReading? Look(string topic, int partition) => Reading;
    }

    private sealed class FakeStore : IObservedStore
    {
        private long _zxid;

        public FakeStore(SimMachine machine) => Machine = machine;

        public SimMachine Machine { get; }

        public ZnodeTree Tree { get; } = new();

        ZnodeTree? IObservedStore.Tree => Tree;

        public long DurableZxid { get; set; } = -1;

        public bool SyncsAtOnce { get; set; } = true;

        public void Write(string path, string data)
        {
            for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (!Tree.Exists(path[..slash])) Apply(CoordinationOp.Create(path[..slash], []));
            }

            var bytes = System.Text.Encoding.UTF8.GetBytes(data);
            Apply(Tree.Exists(path) ? CoordinationOp.SetData(path, bytes) : CoordinationOp.Create(path, bytes));
        }

        private void Apply(CoordinationOp op) => Tree.Apply(new Transaction(++_zxid, 0, 0, new SingleChange(op)));
    }
}
