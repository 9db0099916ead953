using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Hosting;
using Reference.Rpc.Configuration;

namespace tools.Sample.Clients;

/// <summary>
/// Produces ten records and reads the topic from its beginning: <c>sample [HOST:PORT [TOPIC]]</c>; with <c>embedded</c> in the place
/// of HOST:PORT on a cluster of three brokers that it starts in its own process.
/// </summary>
internal static class Program
{
    private const int Count = 10;

    private static async Task<int> Main(string[] args)
    {
        var servers = args.Length > 0 ? args[0] : "127.0.0.1:9092";
        var topic = args.Length > 1 ? args[1] : "sample";
        try
        {
            await using var cluster = servers == "embedded" ? await StartCluster(topic) : null;
            servers = cluster?.BootstrapServers ?? servers;
            await Produce(servers, topic);
            await Consume(servers, topic);
            return 0;
        }
        catch (Exception e) when (e is KafkaException or ConfigException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task<KafkaCluster> StartCluster(string topic)
    {
        var watch = Stopwatch.StartNew();
        var cluster = await KafkaCluster.StartAsync(brokers: 3);
        Console.WriteLine($"three brokers at {cluster.BootstrapServers}, ready after {watch.ElapsedMilliseconds} ms");
        await cluster.CreateTopicAsync(topic);
        return cluster;
    }

    private static async Task Produce(string servers, string topic)
    {
        var options = ProducerOptions.Parse(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = servers,
            ["acks"] = "all",
            ["linger.ms"] = "5",
            ["max.block.ms"] = "10000",
        });
        await using var producer = await KafkaProducer.StartAsync(options);
        var sending = Enumerable.Range(0, Count).Select(i => producer.SendAsync(new ProducerRecord(topic, Bytes($"key {i}"), Bytes($"value {i}"))));
        foreach (var sent in await Task.WhenAll(sending)) Console.WriteLine($"acknowledged {sent.Topic}-{sent.Partition} at offset {sent.Offset}");
    }

    private static async Task Consume(string servers, string topic)
    {
        var options = ConsumerOptions.Parse(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = servers,
            ["auto.offset.reset"] = "earliest",
        });
        await using var consumer = await KafkaConsumer.StartAsync(options);
        var partition = new TopicPartition(topic, 0);
        await consumer.AssignAsync(partition);
        var end = await consumer.EndOffsetAsync(partition);
        await foreach (var record in consumer.ConsumeAsync())
        {
            Console.WriteLine($"{record.TopicPartition} {record.Offset}: {Text(record.Key)} = {Text(record.Value)}");
            if (record.Offset + 1 >= end) break;
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Encoding.UTF8.GetString(some.Span) : "(null)";
}
