using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Reference.Hosting;
using Reference.Wire;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.tools.Server;

/// <summary>The server with a log directory on a real disk that is full or read-only: named, given up alone, and nothing acknowledged is lost.</summary>
public sealed class FailedDiskTests : IDisposable
{
    private const string Topic = "t";
    private const int RecordSize = 200_000;
    private const int DiskMegabytes = 12;
    private static readonly TimeSpan s_noLeader = TimeSpan.FromSeconds(1); // nobody can lead: no use in waiting longer
    private readonly TempDirectory _data = new();
    private readonly Dictionary<TopicPartition, List<string>> _acknowledged = [];

    public void Dispose() => _data.Dispose();

    [RequiresProgramFact("mount", "umount")]
    public async Task A_full_log_directory_is_given_up_by_name_while_the_other_serves_and_all_is_there_once_it_has_room()
    {
        await using var disk = await MountedDisk.Tmpfs(DiskMegabytes);
        var full = Path.Combine(disk.Path, "logs");
        using (var server = await Start($"{full},{_data.File("other")}"))
        {
            var (onDisk, other) = await CreateTopic(server, full);
            await Send(server, other, 3);
            var refused = await Fill(server, onDisk);
            Assert.Equal(ErrorCode.KafkaStorageError, refused.Code);
            var line = await server.Program.WaitForLine(l => l.Contains($"The log directory {full} is offline: ", StringComparison.Ordinal));
            Assert.Matches($@"fail storage: .* The disk of {full}/\S+ is full: free some space\. Its partitions come back when the broker is started again", line);
            await Send(server, other, 3);
            await ReadsAll(server, other);
            await Assert.ThrowsAsync<KafkaException>(() => Send(server, onDisk, 1, s_noLeader));
            Assert.Equal(0, await server.Stop());
            Assert.Single(server.Program.StandardError.Split('\n'), l => l.Contains("fail storage", StringComparison.Ordinal));
        }

        await disk.Remount($"size={3 * DiskMegabytes}m");
        using var again = await Start($"{full},{_data.File("other")}");
        foreach (var partition in _acknowledged.Keys) await ReadsAll(again, partition);
        await Send(again, new TopicPartition(Topic, 0), 1);
        await Send(again, new TopicPartition(Topic, 1), 1);
        Assert.Equal(0, await again.Stop());
    }

    [RequiresProgramFact("mount", "umount")]
    public async Task With_its_only_log_directory_full_the_server_ends_with_1_and_a_sentence_and_serves_again_once_there_is_room()
    {
        await using var disk = await MountedDisk.Tmpfs(DiskMegabytes);
        var full = Path.Combine(disk.Path, "logs");
        using (var server = await Start(full))
        {
            var (partition, _) = await CreateTopic(server, full);
            await Fill(server, partition);
            Assert.Equal(1, await server.Program.WaitForExit());
            var last = server.Program.StandardError.TrimEnd('\n').Split('\n')[^1];
            Assert.Matches($@"^The server ended: .*The log directory {full} is offline: The disk of {full}/\S+ is full: free some space\.", last);
        }

        await disk.Remount($"size={3 * DiskMegabytes}m");
        using var again = await Start(full);
        foreach (var partition in _acknowledged.Keys) await ReadsAll(again, partition);
        Assert.Equal(0, await again.Stop());
    }

    [RequiresProgramFact("mount", "umount")]
    public async Task A_read_only_log_directory_is_named_at_the_start_and_as_the_only_one_refused_with_2()
    {
        await using var disk = await MountedDisk.Tmpfs(DiskMegabytes);
        var locked = Path.Combine(disk.Path, "logs");
        var both = $"{locked},{_data.File("other")}";
        TopicPartition onDisk, other;
        using (var server = await Start(both))
        {
            (onDisk, other) = await CreateTopic(server, locked);
            await Send(server, onDisk, 3);
            await Send(server, other, 3);
            Assert.Equal(0, await server.Stop());
        }

        await disk.Remount("ro");
        var refused = await ServerProcess.Run(Arguments(locked));
        Assert.Equal((2, string.Empty), (refused.ExitCode, refused.StandardOutput));
        Assert.Matches($@"^The log directory {locked} is offline: The file system of {locked}\S* is read-only: mount it writable[^\n]*\n$", refused.StandardError);
        using (var server = await Start(both))
        {
            var line = await server.Program.WaitForLine(l => l.Contains("fail storage", StringComparison.Ordinal));
            Assert.Contains($"The log directory {locked} is offline: The file system of {locked}/", line, StringComparison.Ordinal);
            await Send(server, other, 3);
            await ReadsAll(server, other);
            await Assert.ThrowsAsync<KafkaException>(() => Send(server, onDisk, 1, s_noLeader));
            Assert.Equal(0, await server.Stop());
        }

        await disk.Remount("rw");
        using var again = await Start(both);
        await ReadsAll(again, onDisk);
        await ReadsAll(again, other);
        Assert.Equal(0, await again.Stop());
    }

    [RequiresProgramFact("mount", "umount", "mkfs.ext4")]
    public async Task A_log_directory_whose_file_system_becomes_read_only_under_the_broker_is_given_up_by_name()
    {
        await using var disk = await MountedDisk.Ext4(32);
        var failing = Path.Combine(disk.Path, "logs");
        using var server = await Start($"{failing},{_data.File("other")}");
        var (onDisk, other) = await CreateTopic(server, failing);
        await Send(server, onDisk, 1);
        await disk.Remount("abort");
        var refused = await Assert.ThrowsAsync<KafkaException>(() => Send(server, onDisk, 1));
        Assert.Equal(ErrorCode.KafkaStorageError, refused.Code);
        await server.Program.WaitForLine(l => l.Contains($"The log directory {failing} is offline: The file system of {failing}/", StringComparison.Ordinal));
        await Send(server, other, 3);
        await ReadsAll(server, other);
        Assert.Equal(0, await server.Stop());
    }

    private static Endpoint[] Servers(ServerProcess server) => [ClientConfig.ParseEndpoint(server.Endpoint)!.Value];

    /// <summary>Creates the topic; the partition whose log stands in a directory, and the other one.</summary>
    private static async Task<(TopicPartition In, TopicPartition Other)> CreateTopic(ServerProcess server, string directory)
    {
        await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = Servers(server) });
        await admin.CreateTopicsAsync([new NewTopic(Topic, 2, 1)]);
        TopicPartition[] partitions = [new(Topic, 0), new(Topic, 1)];
        await Eventually.Holds(() => Array.Exists(partitions, Stands), $"a partition stands in {directory}");
        var there = Array.FindIndex(partitions, Stands);
        return (partitions[there], partitions[1 - there]);

        bool Stands(TopicPartition partition) => Directory.Exists(Path.Combine(directory, partition.ToString()));
    }

    private Task<ServerProcess> Start(string logDirectories) => ServerProcess.Start(Arguments(logDirectories));

    /// <summary>The store stands beside the disk, so that only logs are struck.</summary>
    private string[] Arguments(string logDirectories) => ["--port", "0", "--data", _data.File("data"), "--set", $"log.dirs={logDirectories}", "--set", "log.segment.bytes=4000000"];

    /// <summary>Sends until the disk is full, and gives what the producer is told then.</summary>
    private Task<KafkaException> Fill(ServerProcess server, TopicPartition partition) =>
        Assert.ThrowsAsync<KafkaException>(() => Send(server, partition, 2 * DiskMegabytes * 1_000_000 / RecordSize));

    private async Task Send(ServerProcess server, TopicPartition partition, int records, TimeSpan? patience = null)
    {
        var wait = patience ?? TimeSpan.FromSeconds(30);
        await using var producer = await KafkaProducer.StartAsync(
            new ProducerOptions { BootstrapServers = Servers(server), Acks = -1, Retries = 0, Linger = TimeSpan.Zero, MaxBlock = wait, RequestTimeout = wait, DeliveryTimeout = wait });
        if (!_acknowledged.TryGetValue(partition, out var values)) _acknowledged[partition] = values = [];
        for (var i = 0; i < records; i++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"{partition} {values.Count}").PadRight(RecordSize, '.');
            var sent = await producer.SendAsync(new ProducerRecord(partition.Topic, null, Encoding.UTF8.GetBytes(value), partition.Partition));
            Assert.Equal(values.Count, sent.Offset);
            values.Add(value);
        }
    }

    private async Task ReadsAll(ServerProcess server, TopicPartition partition)
    {
        await using var consumer = await KafkaConsumer.StartAsync(new ConsumerOptions { BootstrapServers = Servers(server) });
        await consumer.AssignAsync(partition);
        await consumer.SeekToBeginningAsync(partition);
        var wanted = _acknowledged[partition];
        var read = new List<string>();
        await Eventually.Holds(
            async () =>
            {
                read.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(1))).Select(r => Encoding.UTF8.GetString(r.Value!.Value.Span)));
                return read.Count >= wanted.Count;
            },
            $"all {wanted.Count} records of {partition} are read");
        Assert.Equal(wanted, read);
    }
}
