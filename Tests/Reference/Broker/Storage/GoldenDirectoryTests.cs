using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// A whole log directory as it stands after an orderly stop, byte by byte as approved: which files there are, and what is in each. That the
/// bytes are those of Kafka's formats is said by hand in <see cref="FormatTests"/> and <see cref="TransactionIndexTests"/>.
/// </summary>
public class GoldenDirectoryTests
{
    [Fact]
    public Task A_log_directory_is_as_approved()
    {
        var box = new StorageBox { Config = LogConfig.Default with { SegmentBytes = 300, IndexIntervalBytes = 100 } };
        box.RunManager(Write);
        box.Run(async node => await (await box.Load(node)).Shutdown()); // clears away what compaction has left for readers
        var text = new StringBuilder();
        foreach (var path in Files(box, "/data")) text.Append(path[6..]).Append('\n').Append(Content(path, box.Bytes(path))).Append('\n');
        return Verifier.Verify(text.ToString());
    }

    private static async LoopTask Write(LogManager manager)
    {
        var orders = await manager.GetOrCreate(StorageBox.Orders);
        await orders.StartLeading(3);
        for (var i = 0; i < 5; i++) await orders.AppendAsLeader(Batches.At(0, -1, 1_600_000_000_000 + (i * 1000), $"value {i}", "more"), 3);
        await orders.StartLeading(5);
        await orders.AppendAsLeader(Batches.At(0, -1, 1_600_000_009_000, "of epoch 5"), 5);
        orders.UpdateHighWatermark(9);
        await orders.IncrementLogStartOffset(2);

        var compacted = await manager.GetOrCreate(new TopicPartition("state", 2));
        compacted.Config = compacted.Config with { CleanupPolicy = CleanupPolicies.Compact, MinCleanableDirtyRatio = 0, DeleteRetentionMillis = long.MaxValue };
        await compacted.StartLeading(1);
        for (var i = 0; i < 12; i++) await compacted.AppendAsLeader(Keyed($"key{i % 2}", i == 7 ? null : $"{i}"), 1);
        compacted.UpdateHighWatermark(12);
        await manager.Cleaner.CleanFilthiest();

        var payments = await manager.GetOrCreate(new TopicPartition("payments", 10));
        payments.StartFollowing(1);
        await payments.AppendAsFollower(Transactional(0, isControl: false), 1);
        await payments.AppendAsFollower(Transactional(1, isControl: true), 1);
        await manager.Shutdown();
    }

    private static byte[] Keyed(string key, string? value)
    {
        var builder = new RecordBatchBuilder();
        ReadOnlyMemory<byte>? bytes = null;
        if (value is not null) bytes = Encoding.UTF8.GetBytes(value);
        builder.Append(1_600_000_000_000, Encoding.UTF8.GetBytes(key), bytes);
        return builder.Build();
    }

    private static byte[] Transactional(long offset, bool isControl)
    {
        var builder = new RecordBatchBuilder { BaseOffset = offset, PartitionLeaderEpoch = 1, ProducerId = 77, ProducerEpoch = 2, BaseSequence = isControl ? -1 : 0, IsTransactional = true, IsControl = isControl };
        builder.Append(1_600_000_000_000, new byte[4], new byte[6]); // as a control record: version 0, abort
        return builder.Build();
    }

    private static IEnumerable<string> Files(StorageBox box, string directory)
    {
        foreach (var name in box.List(directory))
        {
            var path = $"{directory}/{name}";
            if (TopicNames.ParseDirectory(name) is null) yield return path;
            else foreach (var inner in Files(box, path)) yield return inner;
        }
    }

    private static string Content(string path, byte[] bytes)
    {
        if (!path.EndsWith("index", StringComparison.Ordinal) && !path.EndsWith(".log", StringComparison.Ordinal)) return Encoding.UTF8.GetString(bytes);
        return string.Concat(Enumerable.Chunk(bytes, 48).Select(line => $"  {Convert.ToHexStringLower(line)}\n"));
    }
}
