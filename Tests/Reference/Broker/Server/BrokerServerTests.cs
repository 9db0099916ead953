using System;
using Reference.Broker.Configuration;
using Reference.Broker.Lifecycle;
using Reference.Broker.Server;
using Reference.Coordination;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

public class BrokerServerTests
{
    [Fact]
    public void Starting_twice_is_one_start_and_starting_while_stopping_is_an_error()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var server = kafka.Servers[0]!;
        var again = false;
        Exception? refused = null;
        kafka.Machines[0].Invoke(() => kafka.Machines[0].Process!.Loop.Spawn(Restart()));
        kafka.Await(() => refused is not null);
        Assert.True(again);
        Assert.IsType<InvalidOperationException>(refused);

        async LoopTask Restart()
        {
            await server.Start();
            again = server.State == BrokerState.RunningAsBroker;
            var stopping = server.Stop();
            try
            {
                await server.Start();
            }
            catch (Exception e)
            {
                refused = e;
            }

            await stopping;
        }
    }

    [Fact]
    public void Without_a_coordination_server_the_start_fails_and_the_broker_is_down_again()
    {
        var world = new global::Simulator.Engine.SimWorld(1);
        BrokerServer? server = null;
        Exception? error = null;
        var machine = world.AddMachine("broker-1");
        machine.Exited = (_, e) => error = e;
        machine.Start(async node =>
        {
            server = new BrokerServer(node, new BrokerConfig { BrokerId = 1, LogDir = "logs", ZookeeperConnect = "nobody:2181" });
            await server.Start();
        });
        world.RunFor(TimeSpan.FromSeconds(60));
        Assert.IsType<CoordinationException>(error);
        Assert.Equal(BrokerState.NotRunning, server!.State);
    }

    [Fact]
    public void A_second_broker_of_the_same_id_is_refused_by_name()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        Exception? error = null;
        var machine = kafka.World.AddMachine("twin");
        machine.Exited = (_, e) => error = e;
        machine.Start(node => new BrokerServer(
            node,
            new BrokerConfig { BrokerId = 1, LogDir = "logs", Listener = new Endpoint("twin", 9092), ZookeeperConnect = "store:2181", ZookeeperSessionTimeoutMs = 3000 }).Start());
        kafka.Await(() => error is not null);
        Assert.IsType<global::Reference.Broker.Znodes.BrokerIdTakenException>(error);
        Assert.Equal(BrokerState.RunningAsBroker, kafka.Servers[0]!.State);
    }

    [Fact]
    public void A_log_directory_that_fails_while_the_broker_registers_ends_the_start_with_that_reason()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        Exception? error = null;
        BrokerServer? server = null;
        var machine = kafka.World.AddMachine("twin");
        machine.Exited = (_, e) => error = e;
        machine.Start(node =>
        {
            var (failing, disk) = Storage.FailingDisk.Under(node);
            node.Clock.Schedule(TimeSpan.FromSeconds(2), () => disk.Fails = (_, _) => DiskError.Io);
            var config = new BrokerConfig
            {
                BrokerId = 1, // taken, and waited for
                LogDir = "logs",
                Listener = new Endpoint("twin", 9092),
                ZookeeperConnect = "store:2181",
                ZookeeperSessionTimeoutMs = 3000,
                HighWatermarkCheckpointIntervalMs = 500,
            };
            return (server = new BrokerServer(failing, config)).Start();
        });
        kafka.Await(() => error is not null);
        Assert.IsType<BrokerHaltedException>(error);
        Assert.Equal(BrokerState.NotRunning, server!.State);
        Assert.Equal(BrokerState.RunningAsBroker, kafka.Servers[0]!.State);
    }

    [Fact]
    public void A_broker_serves_on_from_the_directories_left_and_halts_with_the_last()
    {
        var kafka = new SimKafka(brokers: 1, configure: static c => c with { LogDirs = ["one", "two"] });
        kafka.AwaitRunning();
        Exception? left = null;
        kafka.Machines[0].Exited = (_, e) => left = e;
        kafka.Run(async client =>
        {
            foreach (var topic in (string[])["a", "b"]) Assert.Equal(ErrorCode.None, (await client.Produce(await client.LeaderOf(1, topic), topic, -1, "x")).ErrorCode);
        });
        kafka.Machines[0].Disk.Afflict(new DiskTrouble(DiskTroubleKind.SyncError, 1, "one/", 1));
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.KafkaStorageError, (await client.Produce(1, "a", -1, "x")).ErrorCode);
            Assert.Equal(ErrorCode.None, (await client.Produce(1, "b", -1, "x")).ErrorCode);
            Assert.Equal(ErrorCode.KafkaStorageError, (await client.Fetch(1, "a", 0)).ErrorCode);
        });
        Assert.True(kafka.Machines[0].IsUp);
        kafka.Machines[0].Disk.Afflict(new DiskTrouble(DiskTroubleKind.SyncError, 1, "two/", 1));
        kafka.Await(() => !kafka.Machines[0].IsUp, seconds: 120); // found by the next checkpoint
        Assert.Contains("all its log directories have failed", Assert.IsType<BrokerHaltedException>(left).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_session_is_renewed_and_the_broker_serves_on()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers[0] is { IsController: true });
        var epoch = kafka.Servers[0]!.Controller!.BrokerEpoch;
        kafka.World.Network.Block(kafka.Machines[0], kafka.Store);
        kafka.World.Network.Block(kafka.Store, kafka.Machines[0]);
        kafka.World.RunFor(TimeSpan.FromSeconds(15));
        kafka.World.Network.HealAll();
        kafka.Await(() => kafka.Servers[0]!.Controller!.BrokerEpoch > epoch);
        kafka.Run(async client => { Assert.Equal(ErrorCode.None, (await client.Produce(await client.LeaderOf(1, "orders"), "orders", -1, "x")).ErrorCode); });
    }

    [Theory]
    [InlineData(1)] // the connection to the store is still believed in
    [InlineData(5000)]
    public void It_stops_in_order_though_the_coordination_store_is_gone(int afterMillis)
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client => { await client.LeaderOf(1, "orders"); });
        var server = kafka.Servers[0]!;
        var left = new Exception?[] { new InvalidOperationException("It has not ended.") };
        kafka.Machines[0].Exited = (_, e) => left[0] = e;
        kafka.World.Network.Block(kafka.Machines[0], kafka.Store);
        kafka.World.Network.Block(kafka.Store, kafka.Machines[0]);
        kafka.World.RunFor(TimeSpan.FromMilliseconds(afterMillis));
        kafka.Machines[0].Invoke(() => kafka.Machines[0].Process!.Loop.Spawn(server.Stop()));
        kafka.Await(() => !kafka.Machines[0].IsUp, seconds: 90);
        Assert.Null(left[0]);
        Assert.Equal(BrokerState.NotRunning, server.State);
    }

    [Fact]
    public void An_unknown_version_of_ApiVersions_is_answered_in_version_0()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var answer = kafka.Run(async client =>
        {
            var connection = await Dial(client);
            byte[] frame = [0, 18, 0, 99, 0, 0, 0, 7, 0, 1, (byte)'c', 0];
            connection.Write(OutgoingFrame.Prefixed(frame));
            return Frames.DecodeResponse<ApiVersionsResponse>((await connection.ReadOwned())!, 0, out _);
        });
        Assert.Equal(ErrorCode.UnsupportedVersion, answer.ErrorCode);
        Assert.Equal(ApiKey.ApiVersions, Assert.Single(answer.ApiKeys).ApiKey);
    }

    [Theory]
    [InlineData(new byte[] { 0, 200, 0, 0, 0, 0, 0, 1, 0, 0 })] // unknown API
    [InlineData(new byte[] { 0, 3, 0, 99, 0, 0, 0, 1, 0, 0 })] // unknown version
    [InlineData(new byte[] { 0, 3, 0, 1, 0, 0, 0, 1, 0, 0, 127, 255, 255, 255 })] // impossible length
    [InlineData(new byte[] { 1, 2, 3 })] // no header
    public void What_cannot_be_understood_ends_its_own_connection_only(byte[] frame)
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var (bad, good) = (await Dial(client), await Dial(client));
            bad.Write(OutgoingFrame.Prefixed(frame));
            await AssertEnds(bad);
            good.Write(OutgoingFrame.Ready(Frames.EncodeRequest(new ApiVersionsRequest(), 0, 5, "good")));
            Frames.DecodeResponse<ApiVersionsResponse>((await good.ReadOwned())!, 0, out var correlation);
            Assert.Equal(5, correlation);
        });
    }

    [Fact]
    public void A_connection_that_is_silent_for_connections_max_idle_ms_is_closed()
    {
        var kafka = new SimKafka(brokers: 1, configure: static c => c with { ConnectionsMaxIdleMs = 5000 });
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            await client.LeaderOf(1, "orders");
            var (silent, waiting) = (await Dial(client), await Dial(client));
            var fetch = new FetchRequest { MaxWaitMs = 20_000, MinBytes = 1, Topics = [new() { Topic = "orders", Partitions = [new() { PartitionMaxBytes = 1000 }] }] };
            waiting.Write(OutgoingFrame.Ready(Frames.EncodeRequest(fetch, 4, 1, null)));
            var before = client.Node.Clock.MonotonicMicros;
            await AssertEnds(silent);
            Assert.InRange((client.Node.Clock.MonotonicMicros - before) / 1_000_000.0, 4.9, 7);
            Frames.DecodeResponse<FetchResponse>((await waiting.ReadOwned())!, 4, out var answered);
            Assert.Equal(1, answered);
        });
    }

    [Fact]
    public void Requests_sent_together_are_answered_in_their_order_though_the_first_waits()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            await client.LeaderOf(1, "orders");
            var connection = await Dial(client);
            var fetch = new FetchRequest { MaxWaitMs = 1000, MinBytes = 1, Topics = [new() { Topic = "orders", Partitions = [new() { PartitionMaxBytes = 1000 }] }] };
            connection.Write(OutgoingFrame.Ready(Frames.EncodeRequest(fetch, 4, 1, null)));
            connection.Write(OutgoingFrame.Ready(Frames.EncodeRequest(new ApiVersionsRequest(), 0, 2, null)));
            Frames.DecodeResponse<FetchResponse>((await connection.ReadOwned())!, 4, out var first);
            Frames.DecodeResponse<ApiVersionsResponse>((await connection.ReadOwned())!, 0, out var second);
            Assert.Equal((1, 2), (first, second));
        });
    }

    private static async LoopTask<FrameConnection> Dial(RawClient client) =>
        new(await client.Node.Network.Connect(new Endpoint(SimKafka.HostOf(1), SimKafka.Port), TimeSpan.FromSeconds(5)), 1 << 20);

    private static async LoopTask AssertEnds(FrameConnection connection)
    {
        try
        {
            Assert.Null(await connection.Read());
        }
        catch (NetworkException e)
        {
            Assert.Equal(NetworkError.Reset, e.Error);
        }
    }
}
