using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>What a producer's header says of the greatest timestamp of its batch decides nothing: its records do.</summary>
public class ProducedTimestampTests
{
    private readonly StorageBox _box = new();

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_wrong_greatest_timestamp_is_put_right(long claimed) => _box.RunLog(async log =>
    {
        await log.StartLeading(1);
        var info = await log.AppendAsLeader(Claiming(claimed, [5000, 5001], [4000]), 1);
        Assert.Equal(5001, info.MaxTimestamp);
        var stored = await (await log.Read(0, 10_000, FetchIsolation.LogEnd, minOneBatch: true)).Slice.ReadAll();
        Assert.Equal([(5001L, true), (4000L, true)], Headers(stored.Span));
        Assert.Equal((0L, 1L), ((await log.OffsetForTimestamp(4500, 3))!.Value.Offset, (await log.OffsetForTimestamp(5001, 3))!.Value.Offset));
        Assert.Null(await log.OffsetForTimestamp(5002, 3));
        Assert.Equal(5001, log.Segments[0].MaxTimestamp);
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, 1)]
    public void Retention_goes_by_the_records(long claimed, int minutesLater)
    {
        _box.Config = LogConfig.Default with { RetentionMillis = (long)TimeSpan.FromSeconds(30).TotalMilliseconds };
        _box.Run(async node =>
        {
            var log = await (await _box.Load(node)).GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            await log.AppendAsLeader(Claiming(claimed, [node.Clock.WallMillis]), 1);
            log.UpdateHighWatermark(1);
            if (minutesLater > 0) await node.Clock.Delay(TimeSpan.FromMinutes(minutesLater));
            Assert.Equal(minutesLater, await log.DeleteOldSegments());
        });
    }

    /// <summary>A client chooses any 64 bits: none of them may end the broker.</summary>
    [Fact]
    public void A_timestamp_as_far_from_the_brokers_clock_as_can_be_is_refused_like_any_other()
    {
        _box.Config = LogConfig.Default with { MessageTimestampDifferenceMaxMillis = 1000 };
        _box.Run(async node =>
        {
            var log = await (await _box.Load(node)).GetOrCreate(StorageBox.Orders);
            await log.StartLeading(1);
            foreach (var far in (long[])[long.MinValue, long.MinValue + node.Clock.WallMillis, long.MaxValue])
            {
                await Refused.With<InvalidTimestampException>(log.AppendAsLeader(Claiming(far, [far]), 1).AsVoid());
            }

            Assert.Equal(0, log.LogEndOffset);
        });
    }

    private static byte[] Claiming(long maxTimestamp, params long[][] batches) => [.. batches.SelectMany(timestamps =>
    {
        var builder = new RecordBatchBuilder();
        foreach (var timestamp in timestamps) builder.Append(timestamp, null, "v"u8.ToArray());
        var batch = builder.Build();
        RecordBatchPatch.SetMaxTimestamp(batch, maxTimestamp);
        return batch;
    })];

    private static List<(long MaxTimestamp, bool IsSound)> Headers(ReadOnlySpan<byte> stored)
    {
        var found = new List<(long, bool)>();
        foreach (var batch in new RecordBatches(stored)) found.Add((batch.MaxTimestamp, RecordBatchValidator.ValidateEnvelope(batch.Bytes).IsSound));
        return found;
    }
}
