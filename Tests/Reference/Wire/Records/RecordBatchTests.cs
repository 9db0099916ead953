using System;
using System.Linq;
using Reference.Wire;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire.Records;

public sealed class RecordBatchTests
{
    private const string HandMadeCrc = "e99b8dd8";

    [Fact]
    public void A_built_batch_reads_back()
    {
        var builder = new RecordBatchBuilder { BaseOffset = 40, ProducerId = 9, ProducerEpoch = 3, BaseSequence = 77, IsTransactional = true, PartitionLeaderEpoch = 5 };
        builder.Append(2000, Batches.Bytes("k"), Batches.Bytes("v"), [new RecordHeader("h", Batches.Bytes("x")), new RecordHeader("n", null)]);
        builder.Append(1990, null, Batches.Bytes(""));
        builder.Append(2500, Batches.Bytes(""), null);
        var bytes = builder.Build();
        Assert.Equal(builder.SizeInBytes, bytes.Length);

        var batch = new RecordBatch(bytes);
        Assert.Equal((40L, 42L, 43L), (batch.BaseOffset, batch.LastOffset, batch.NextOffset));
        Assert.Equal((9L, (short)3, 77, 79), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        Assert.Equal((2000L, 2500L), (batch.BaseTimestamp, batch.MaxTimestamp));
        Assert.Equal((5, (sbyte)2, 3), (batch.PartitionLeaderEpoch, batch.Magic, batch.RecordCount));
        Assert.True(batch.IsTransactional);
        Assert.False(batch.IsControl);
        Assert.Equal(TimestampType.CreateTime, batch.TimestampType);
        Assert.Equal(
            [
                new CopiedRecord(40, 2000, "k", "v", "h=x;n=null;"),
                new CopiedRecord(41, 1990, null, "", ""),
                new CopiedRecord(42, 2500, "", null, ""),
            ],
            Batches.Copy(bytes));
    }

    /// <summary>A batch put together by hand from the format's description, its checksum by an independent program.</summary>
    [Fact]
    public void A_batch_written_by_hand_is_understood_and_rebuilt()
    {
        var bytes = Convert.FromHexString(
            "0000000000000007" + "0000003a" + "00000001" + "02" + HandMadeCrc + "0000" + "00000000"
            + "0000018bcfe56800" + "0000018bcfe56800" + "ffffffffffffffff" + "ffff" + "ffffffff" + "00000001"
            + "10" + "00" + "00" + "00" + "02" + "6b" + "02" + "76" + "00");
        var batch = new RecordBatch(bytes);
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(bytes));
        Assert.Equal([new CopiedRecord(7, 1700000000000, "k", "v", "")], Batches.Copy(bytes));

        var builder = new RecordBatchBuilder { BaseOffset = 7, PartitionLeaderEpoch = 1 };
        builder.Append(1700000000000, Batches.Bytes("k"), Batches.Bytes("v"));
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(builder.Build()));
        Assert.Equal(58, batch.Length);
    }

    [Fact]
    public void Offset_and_epoch_are_patched_outside_the_checksum()
    {
        var bytes = Batches.Build(3);
        RecordBatchPatch.SetBaseOffset(bytes, 1L << 40);
        RecordBatchPatch.SetPartitionLeaderEpoch(bytes, 12);
        Assert.True(RecordBatchValidator.ValidateProduced(bytes).IsSound);
        Assert.Equal((1L << 40) + 2, new RecordBatch(bytes).LastOffset);
        Assert.Equal(12, new RecordBatch(bytes).PartitionLeaderEpoch);
    }

    [Fact]
    public void Log_append_time_replaces_every_timestamp()
    {
        var bytes = Batches.Build(3);
        RecordBatchPatch.SetLogAppendTime(bytes, 5555);
        Assert.True(RecordBatchValidator.ValidateProduced(bytes).IsSound);
        Assert.Equal(TimestampType.LogAppendTime, new RecordBatch(bytes).TimestampType);
        Assert.All(Batches.Copy(bytes), r => Assert.Equal(5555, r.Timestamp));
    }

    [Fact]
    public void The_last_sequence_wraps_over()
    {
        var builder = Batches.Builder(3);
        builder.ProducerId = 1;
        builder.ProducerEpoch = 0;
        builder.BaseSequence = int.MaxValue;
        Assert.Equal(1, new RecordBatch(builder.Build()).LastSequence);
    }

    [Fact]
    public void Batches_are_iterated_up_to_a_torn_one()
    {
        byte[] whole = [.. Batches.Build(1), .. Batches.Build(2), .. Batches.Build(3)];
        var lastStart = whole.Length - Batches.Build(3).Length;
        for (var cut = lastStart; cut <= whole.Length; cut++)
        {
            var batches = new RecordBatches(whole.AsSpan(0, cut));
            var counts = 0;
            while (batches.MoveNext())
                counts = (counts * 10) + batches.Current.RecordCount;
            Assert.Equal(cut == whole.Length ? 123 : 12, counts);
            Assert.Equal(cut == whole.Length || cut == lastStart ? BatchesEnd.Complete : BatchesEnd.Torn, batches.End);
            Assert.Equal(cut == whole.Length ? cut : lastStart, batches.Position);
        }
    }

    [Theory]
    [InlineData(RecordBatch.LogOverhead - 4)]
    [InlineData(16)]
    public void Bytes_that_are_no_batch_end_the_iteration(int corruptAt)
    {
        byte[] bytes = [.. Batches.Build(1), .. Batches.Build(1)];
        bytes[Batches.Build(1).Length + corruptAt] = 0x80;
        var batches = new RecordBatches(bytes);
        Assert.True(batches.MoveNext());
        Assert.False(batches.MoveNext());
        Assert.Equal(BatchesEnd.Malformed, batches.End);
        Assert.Equal(Batches.Build(1).Length, batches.Position);
    }

    [Fact]
    public void The_estimate_is_an_upper_bound()
    {
        var builder = new RecordBatchBuilder();
        foreach (var size in Enumerable.Range(0, 200).Select(i => i * 37))
        {
            var before = builder.SizeInBytes;
            var value = new ReadOnlyMemory<byte>(new byte[size]);
            builder.Append(size, null, value);
            Assert.InRange(builder.SizeInBytes - before, size, RecordBatchBuilder.EstimateRecordSize(null, value));
        }
    }

    [Fact]
    public void An_empty_batch_is_not_built() => Assert.Throws<InvalidOperationException>(() => new RecordBatchBuilder().Build());
}
