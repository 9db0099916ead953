using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Reference.Wire;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire.Records;

/// <summary>Taking records out of a batch leaves the others, and the batch's place and producer, as they were.</summary>
public class RecordBatchFilterTests
{
    [Fact]
    public void What_stays_stays_as_it_was_and_the_batch_is_sound()
    {
        var shapes = Gen.Zip(Gen.ListOf(Gen.Zip(Gen.Choose(0, 3), Gen.Choose(-5000, 5000))), Gen.Zip(Gen.Elements(CompressionType.None, CompressionType.Gzip, CompressionType.Snappy), Gen.Choose(-1, 100_000)));
        Prop.ForAll(Arb.From(shapes), drawn =>
        {
            var (records, (compression, horizon)) = drawn;
            var bytes = Build(compression, [.. records, (0, 7)]);
            var kinds = records.Append((0, 7)).ToArray();
            var filtered = RecordBatchFilter.Filter(new RecordBatch(bytes), r => kinds[r.Offset - 500].Item1 != 1, horizon < 0 ? null : horizon);
            Assert.True(RecordBatchValidator.ValidateEnvelope(filtered).IsSound);
            var before = new RecordBatch(bytes);
            var after = new RecordBatch(filtered);
            Assert.Equal(Texts(before).Where(t => kinds[t.Offset - 500].Item1 != 1), Texts(after));
            Assert.Equal((before.BaseOffset, before.LastOffset, before.PartitionLeaderEpoch), (after.BaseOffset, after.LastOffset, after.PartitionLeaderEpoch));
            Assert.Equal((before.ProducerId, before.ProducerEpoch, before.BaseSequence, before.LastSequence), (after.ProducerId, after.ProducerEpoch, after.BaseSequence, after.LastSequence));
            Assert.Equal(horizon < 0 ? null : horizon, after.DeleteHorizonMs);
            Assert.Equal(Texts(after).Max(t => t.Timestamp), after.MaxTimestamp);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    public void Without_records_a_header_is_left_that_any_reader_passes_over(CompressionType compression)
    {
        var bytes = Build(compression, [(0, 1), (0, 2)]);
        var empty = RecordBatchFilter.Filter(new RecordBatch(bytes), _ => false);
        Assert.Equal(RecordBatch.HeaderSize, empty.Length);
        var batch = new RecordBatch(empty);
        Assert.True(RecordBatchValidator.ValidateEnvelope(empty).IsSound);
        Assert.Equal((0, 501, CompressionType.None), (batch.RecordCount, batch.LastOffset, batch.Compression));
        Assert.Empty(Texts(batch));
    }

    private static byte[] Build(CompressionType compression, (int Kind, int Time)[] records)
    {
        var builder = new RecordBatchBuilder(compression) { BaseOffset = 500, PartitionLeaderEpoch = 3, ProducerId = 9, ProducerEpoch = 1, BaseSequence = 40 };
        for (var i = 0; i < records.Length; i++)
        {
            ReadOnlyMemory<byte>? value = null;
            if (records[i].Kind != 2) value = Encoding.UTF8.GetBytes($"value {i}");
            builder.Append(100_000 + records[i].Time, records[i].Kind == 3 ? null : new byte[] { (byte)i }, value, [new RecordHeader("h", new byte[] { 1, 2 })]);
        }

        return builder.Build();
    }

    private static List<(long Offset, long Timestamp, string Text)> Texts(RecordBatch batch)
    {
        var found = new List<(long, long, string)>();
        foreach (var record in batch.Records())
        {
            var headers = 0;
            foreach (var header in record.Headers) headers += header.Value.Length;
            found.Add((record.Offset, record.Timestamp, $"{Convert.ToHexString(record.Key)} {record.HasValue} {Encoding.UTF8.GetString(record.Value)} {headers}"));
        }

        return found;
    }
}
