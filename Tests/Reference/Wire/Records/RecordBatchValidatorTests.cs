using System;
using System.Buffers.Binary;
using Reference.Wire;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire.Records;

/// <summary>Verifies that each way to spoil a batch is detected and named.</summary>
public sealed class RecordBatchValidatorTests
{
    [Fact]
    public void A_built_batch_is_sound()
    {
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateEnvelope(Batches.Build(3)));
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(Batches.Build(3)));
        Assert.Equal(ErrorCode.None, RecordBatchVerdict.Sound.ToErrorCode());
    }

    [Fact]
    public void The_greatest_timestamp_is_that_of_the_records_whatever_the_header_says()
    {
        foreach (var claimed in (long[])[0, 1002, long.MaxValue])
        {
            foreach (var compression in (CompressionType[])[CompressionType.None, CompressionType.Gzip])
            {
                var batch = Batches.Build(3, compression);
                RecordBatchPatch.SetMaxTimestamp(batch, claimed);
                Assert.True(RecordBatchValidator.ValidateProduced(batch, out var found).IsSound);
                Assert.Equal(1002, found);
            }
        }
    }

    [Fact]
    public void Every_flipped_bit_after_the_leader_epoch_is_detected()
    {
        var sound = Batches.Build(2);
        for (var bit = 8 * 8; bit < sound.Length * 8; bit++)
        {
            if (bit / 8 is >= 12 and < 16)
                continue; // the leader epoch is the broker's, outside the checksum
            var spoilt = (byte[])sound.Clone();
            spoilt[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RecordBatchValidator.ValidateEnvelope(spoilt).IsSound, $"bit {bit}");
        }
    }

    [Fact]
    public void A_cut_batch_is_detected()
    {
        var sound = Batches.Build(2);
        for (var length = 0; length < sound.Length; length++)
        {
            var expected = length < RecordBatch.HeaderSize ? RecordBatchProblem.TooShort : RecordBatchProblem.WrongLength;
            Assert.Equal(expected, RecordBatchValidator.ValidateEnvelope(sound.AsSpan(0, length)).Problem);
        }
    }

    [Fact]
    public void A_wrong_magic_is_named() => AssertProblem(RecordBatchProblem.WrongMagic, b => b[16] = 1, ErrorCode.CorruptMessage, renew: false);

    [Fact]
    public void A_wrong_checksum_is_named() => AssertProblem(RecordBatchProblem.WrongCrc, b => b[20] ^= 1, ErrorCode.CorruptMessage, renew: false);

    [Fact]
    public void A_wrong_count_is_named()
    {
        AssertProblem(RecordBatchProblem.WrongRecordCount, b => Int32(b, 57, 2), ErrorCode.InvalidRecord);
        AssertProblem(RecordBatchProblem.WrongRecordCount, b => (Int32(b, 57, 0), Int32(b, 23, -1)), ErrorCode.InvalidRecord);
        AssertProblem(RecordBatchProblem.WrongRecordCount, b => Int32(b, 23, 7), ErrorCode.InvalidRecord);
    }

    [Fact]
    public void More_or_fewer_records_than_counted_are_named()
    {
        AssertProblem(RecordBatchProblem.BadRecord, b => (Int32(b, 57, 4), Int32(b, 23, 3)), ErrorCode.CorruptMessage);
        AssertProblem(RecordBatchProblem.BadRecord, b => (Int32(b, 57, 2), Int32(b, 23, 1)), ErrorCode.CorruptMessage);
    }

    [Fact]
    public void An_unknown_compression_is_named() => AssertProblem(RecordBatchProblem.UnknownCompression, b => b[22] |= 5, ErrorCode.UnsupportedCompressionType);

    [Fact]
    public void Records_that_are_not_compressed_as_claimed_are_named() => AssertProblem(RecordBatchProblem.BadCompression, b => b[22] |= 1, ErrorCode.CorruptMessage);

    [Fact]
    public void Offset_deltas_with_a_gap_are_named()
    {
        var spoilt = Spoil(b => b[61 + 3] = 4); // the first record: length, attributes, timestamp delta, offset delta
        var verdict = RecordBatchValidator.ValidateProduced(spoilt);
        Assert.Equal((RecordBatchProblem.WrongOffsetDelta, 0), (verdict.Problem, verdict.RecordIndex));
        Assert.Equal(ErrorCode.InvalidRecord, verdict.ToErrorCode());
        Assert.Contains("offset delta 2", verdict.ToString());
    }

    [Fact]
    public void Half_a_producer_identity_is_named()
    {
        AssertProblem(RecordBatchProblem.WrongProducerState, b => Int64(b, 43, 5), ErrorCode.InvalidRecord);
        AssertProblem(RecordBatchProblem.WrongProducerState, b => Int32(b, 53, 5), ErrorCode.InvalidRecord);
        AssertProblem(RecordBatchProblem.WrongProducerState, b => b[22] |= 0x10, ErrorCode.InvalidRecord);
    }

    [Fact]
    public void A_record_with_a_wrong_length_is_named()
    {
        var verdict = RecordBatchValidator.ValidateProduced(Spoil(b => b[61] += 2));
        Assert.Equal((RecordBatchProblem.BadRecord, 0), (verdict.Problem, verdict.RecordIndex));
    }

    [Fact]
    public void Random_damage_under_a_right_checksum_never_throws()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var compression = (CompressionType)random.Next(0, 3);
            var spoilt = Batches.Build(3, i % 10 == 0 ? compression : CompressionType.None);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                spoilt[random.Next(21, spoilt.Length)] = (byte)random.Next(256);
            RecordBatchPatch.RenewCrc(spoilt);
            Assert.NotNull(RecordBatchValidator.ValidateProduced(spoilt).Detail);
        }
    }

    private static void AssertProblem(RecordBatchProblem problem, Action<byte[]> change, ErrorCode code, bool renew = true)
    {
        var verdict = RecordBatchValidator.ValidateProduced(Spoil(change, renew));
        Assert.Equal(problem, verdict.Problem);
        Assert.Equal(code, verdict.ToErrorCode());
    }

    private static void AssertProblem<T>(RecordBatchProblem problem, Func<byte[], T> change, ErrorCode code) =>
        AssertProblem(problem, bytes => { change(bytes); }, code);

    private static byte[] Spoil(Action<byte[]> change, bool renew = true)
    {
        var bytes = Batches.Build(3);
        change(bytes);
        if (renew)
            RecordBatchPatch.RenewCrc(bytes);
        return bytes;
    }

    private static int Int32(byte[] bytes, int at, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), value);
        return value;
    }

    private static long Int64(byte[] bytes, int at, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), value);
        return value;
    }
}
