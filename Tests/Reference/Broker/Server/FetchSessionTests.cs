using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients.Consuming;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;
using TopicPartition = Reference.Clients.TopicPartition;

namespace Tests.Reference.Broker.Server;

/// <summary>Fetch sessions over the wire: by hand, of followers, of a consumer.</summary>
public class FetchSessionTests
{
    [Fact]
    public void A_session_gives_news_only_and_ends_with_the_broker()
    {
        var kafka = new SimKafka(1);
        kafka.AwaitRunning();
        var id = kafka.Run(async client =>
        {
            await client.LeaderOf(1, "orders");
            var opened = await Fetch(client, 0, 0, 0);
            Assert.NotEqual(0, opened.SessionId);
            Assert.Single(opened.Responses);
            Assert.Empty((await Fetch(client, opened.SessionId, 1)).Responses);
            await client.Produce(1, "orders", 1, "a");
            var news = await Fetch(client, opened.SessionId, 2);
            Assert.Equal(["a"], RawClient.ValuesOf(news.Responses[0].Partitions[0].Records));
            Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await Fetch(client, opened.SessionId, 2)).ErrorCode);
            Assert.Empty((await Fetch(client, opened.SessionId, 3, 1)).Responses); // asked from offset 1 on
            return opened.SessionId;
        });
        kafka.Machines[0].Crash();
        kafka.Servers[0] = null;
        kafka.Machines[0].Restart();
        kafka.AwaitRunning();
        kafka.Run(async client => { Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await Fetch(client, id, 4)).ErrorCode); });
    }

    [Fact]
    public void Followers_and_consumers_fetch_in_sessions_and_survive_their_loss()
    {
        var kafka = new SimKafka(3, configure: static c => c with { DefaultReplicationFactor = 3, MinInsyncReplicas = 2 });
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        var sessions = kafka.Servers[leader - 1]!.FetchSessions!;
        kafka.Await(() => sessions.Count == 2); // the followers'
        kafka.Run(async client =>
        {
            var consumer = new Consumer(client.Node, new ConsumerOptions
            {
                BootstrapServers = [new Endpoint(SimKafka.HostOf(leader), SimKafka.Port)],
                AutoOffsetReset = OffsetReset.Earliest,
            });
            consumer.Assign([new TopicPartition("orders", 0)]);
            var read = new List<string>();
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
                while (read.Count <= i) read.AddRange((await consumer.Poll(TimeSpan.FromSeconds(5))).Select(r => System.Text.Encoding.UTF8.GetString(r.Value!.Value.Span)));
                if (i == 5) Assert.Equal(3, sessions.Count);
                if (i % 4 == 3) kafka.World.Schedule(TimeSpan.Zero, () => CloseAll(sessions));
            }

            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"v{i}"), read);
            await consumer.Close();
        });
    }

    private static void CloseAll(global::Reference.Broker.Handlers.Sessions.FetchSessionCache sessions)
    {
        foreach (var id in sessions.Ids.ToList()) sessions.Close(id);
    }

    private static LoopTask<FetchResponse> Fetch(RawClient client, int session, int epoch, long? offset = null)
    {
        var request = new FetchRequest { MaxWaitMs = 100, MinBytes = 1, SessionId = session, SessionEpoch = epoch };
        if (offset is { } from)
            request.Topics.Add(new FetchRequest.FetchTopic { Topic = "orders", Partitions = [new FetchRequest.FetchPartition { FetchOffset = from, PartitionMaxBytes = 1 << 20 }] });
        return client.Call<FetchRequest, FetchResponse>(1, request, 11);
    }
}
