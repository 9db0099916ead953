using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Text;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>A simulated world with the embedded store, fake brokers and an observer who reads and writes znodes.</summary>
internal sealed class ControllerCluster
{
    private KafkaZnodes? _observer;

    public ControllerCluster(int brokers, ulong seed = 1, ControllerDecisions? decisions = null, int maxRequestBytes = 0xfffff)
    {
        World = new SimWorld(seed);
        Store = World.AddMachine("store");
        Store.Start(async node =>
        {
            var options = new CoordinationServerOptions(new Endpoint("store", 2181), "data") { Tick = TimeSpan.FromMilliseconds(500), MaxRequestBytes = maxRequestBytes };
            await new CoordinationServer(node, options).Start();
            await new LoopPromise<Nothing>().Task;
        });
        for (var id = 1; id <= brokers; id++) Brokers.Add(new FakeBroker(World.AddMachine($"broker-{id}"), id, decisions ?? ControllerDecisions.Kafka));
        Observer = World.AddMachine("observer");
        Observer.Start(async node =>
        {
            var session = new CoordinationSession(node, new CoordinationClientOptions("store:2181"));
            await session.Start();
            _observer = new KafkaZnodes(node, session);
            await new LoopPromise<Nothing>().Task;
        });
    }

    public SimWorld World { get; }

    public SimMachine Store { get; }

    public SimMachine Observer { get; }

    public List<FakeBroker> Brokers { get; } = [];

    /// <summary>The one broker that reigns.</summary>
    public FakeBroker Controller => Assert.Single(Brokers, b => b.IsUp && b.Controller is { IsController: true });

    /// <summary>Starts the brokers one after the other, so that the first is the controller.</summary>
    public void StartAll()
    {
        foreach (var broker in Brokers)
        {
            broker.Start();
            Until(() => broker.Controller is { ActiveControllerId: not -1 }, $"broker {broker.Id} knows a controller");
        }

        Until(() => Controller.Controller.LiveBrokers.Count == Brokers.Count, "the controller knows all brokers");
    }

    /// <summary>Runs until something holds; fails the test if it does not within a minute.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var held = World.RunUntil(condition, TimeSpan.FromSeconds(60));
        ThrowFailure();
        Assert.True(held, $"Within 60 s it never came to hold that {what}.");
    }

    public void RunFor(double seconds)
    {
        World.RunFor(TimeSpan.FromSeconds(seconds));
        ThrowFailure();
    }

    /// <summary>Lets the observer do something and gives its result.</summary>
    public T Ask<T>(Func<KafkaZnodes, LoopTask<T>> question)
    {
        Until(() => _observer is not null, "the observer is connected");
        var answer = new LoopPromise<T>();
        Observer.Invoke(() => Loop.Current.Spawn(Answer()));
        Until(() => answer.IsCompleted, "the observer has its answer");
        return answer.Result;

        async LoopTask Answer() => answer.TrySetResult(await question(_observer!));
    }

    /// <summary>Asks the controller, wherever it is, for something and gives its answer.</summary>
    public T AskController<T>(Func<KafkaController, LoopTask<T>> question)
    {
        var controller = Controller;
        var answer = new LoopPromise<T>();
        controller.Machine.Invoke(() => controller.Machine.Process!.Node.Spawn(Answer()));
        Until(() => answer.IsCompleted, "the controller has answered");
        return answer.Result;

        async LoopTask Answer() => answer.TrySetResult(await question(controller.Controller));
    }

    /// <summary>Sets or creates a znode as a foreign tool would.</summary>
    public void Put(string path, string data) => Ask(async z =>
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var result = await z.Session.Write([await z.Session.Exists(path) is null ? CoordinationOp.Create(path, bytes) : CoordinationOp.SetData(path, bytes)]);
        result.ThrowUnlessOk(path);
        return true;
    });

    /// <summary>Whether a znode is there.</summary>
    public bool Stands(string path) => Ask(z => z.Session.Exists(path)) is not null;

    /// <summary>Takes a replica into the ISR, as its leader does when it has caught up.</summary>
    public void Join(TopicPartition partition, int broker)
    {
        var done = false;
        while (!done)
        {
            done = Ask(async z =>
            {
                var state = (await z.PartitionState(partition))!;
                return state.Isr.Contains(broker) || (await z.UpdatePartitionState(partition, state with { Isr = [.. state.Isr, broker] })).Updated;
            });
        }
    }

    /// <summary>From now on the replicas of a partition join its ISR a little later, those that live and that the leader has been told of in its epoch.</summary>
    public void LetReplicasCatchUp(TopicPartition partition)
    {
        Until(() => _observer is not null, "the observer is connected");
        Observer.Invoke(() => Observer.Process!.Node.Spawn(Run()));

        async LoopTask Run()
        {
            while (true)
            {
                await Observer.Process!.Node.Clock.Delay(TimeSpan.FromMilliseconds(200));
                if (await _observer!.PartitionState(partition) is not { Leader: > 0 } state) continue;
                if (!Brokers[state.Leader - 1].Told.TryGetValue(partition, out var told) || told.LeaderEpoch != state.LeaderEpoch) continue;
                var missing = told.Replicas.Find(r => !state.Isr.Contains(r) && Brokers[r - 1].IsUp && Brokers[r - 1].Told.ContainsKey(partition));
                if (missing > 0) await _observer.UpdatePartitionState(partition, state with { Isr = [.. state.Isr, missing] });
            }
        }
    }

    public PartitionStateZnode? State(TopicPartition partition) => Ask(z => z.PartitionState(partition));

    /// <summary>Creates a topic with replicas by hand and waits for its leaders.</summary>
    public void CreateTopic(string topic, params int[][] replicas)
    {
        var partitions = new SortedDictionary<int, IReadOnlyList<int>>();
        foreach (var (partition, ids) in replicas.Index()) partitions.Add(partition, ids);
        Assert.True(Ask(z => z.CreateTopic(topic, new TopicZnode(partitions), new(StringComparer.Ordinal))));
        foreach (var partition in partitions.Keys)
        {
            Until(() => Controller.Controller.Leadership.ContainsKey(new TopicPartition(topic, partition)), $"{topic}-{partition} has a leader");
        }
    }

    /// <summary>Another process with a session of its own.</summary>
    internal sealed class OtherObserver
    {
        private readonly ControllerCluster _cluster;
        private readonly SimMachine _machine;
        private KafkaZnodes? _znodes;

        public OtherObserver(ControllerCluster cluster)
        {
            _cluster = cluster;
            _machine = cluster.World.AddMachine("other");
            _machine.Start(async node =>
            {
                var session = new CoordinationSession(node, new CoordinationClientOptions("store:2181"));
                await session.Start();
                _znodes = new KafkaZnodes(node, session);
                await new LoopPromise<Nothing>().Task;
            });
            cluster.Until(() => _znodes is not null, "the other is connected");
        }

        /// <summary>Whether the id of a broker is found taken.</summary>
        public bool Refused(BrokerZnode broker)
        {
            bool? refused = null;
            _machine.Invoke(() => Loop.Current.Spawn(Try()));
            _cluster.Until(() => refused is not null, "registration has ended");
            return refused!.Value;

            async LoopTask Try()
            {
                try
                {
                    await _znodes!.RegisterBroker(broker, TimeSpan.FromSeconds(1));
                    refused = false;
                }
                catch (BrokerIdTakenException)
                {
                    refused = true;
                }
            }
        }
    }

    private void ThrowFailure()
    {
        if (World.Failure is { } failure) ExceptionDispatchInfo.Throw(failure.Exception ?? new InvalidOperationException(failure.Message));
    }
}
