using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Wire;
using Reference.Wire.Compression;
using Reference.Wire.Records;
using Reference.Wire.Records.Legacy;
using Xunit;

namespace Tests.Reference.Wire.Records.Legacy;

public sealed class ConversionTests
{
    /// <summary>Sent by kcat 1.7.1 in Produce v2: key1 → hello.</summary>
    private const string KcatMagic1 = "00000000000000000000001f413d52980100000001a1fc5b73f3000000046b6579310000000568656c6c6f";

    /// <summary>Sent by kcat 1.7.1 with <c>-z gzip</c> in Produce v2: two messages.</summary>
    private const string KcatMagic1Gzip =
        "00000000000000000000005df879330d0101000001a1fc5b7401ffffffff000000471f8b080000000000000363608003e7194e764e8c4006e3c23fd12520064b766aa52190d6cc48cdc9c9"
        + "572082841a05d2ec58daed7916c538a66c23920c0300ede3a1079c000000";

    [Fact]
    public void A_message_of_kcat_is_read_and_rewritten()
    {
        var bytes = Convert.FromHexString(KcatMagic1);
        var writer = new MessageSetWriter(1);
        foreach (var message in new MessageSet(bytes))
        {
            Assert.Equal(message.Crc, message.ComputeCrc());
            writer.Append(message.Offset, message.Timestamp, message.TimestampType, message.Key, message.HasKey, message.Value, message.HasValue);
        }

        Assert.Equal(bytes, writer.Written.ToArray());
    }

    [Fact]
    public void Messages_of_kcat_become_batches()
    {
        var plain = UpConversion.Convert(Convert.FromHexString(KcatMagic1));
        Assert.Equal([new CopiedRecord(0, 0x1a1fc5b73f3, "key1", "hello", "")], Batches.Copy(plain.Batch));
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(plain.Batch));

        var compressed = UpConversion.Convert(Convert.FromHexString(KcatMagic1Gzip));
        Assert.Equal(CompressionType.Gzip, new RecordBatch(compressed.Batch).Compression);
        Assert.Equal(["key1", "k2"], Batches.Copy(compressed.Batch).Select(r => r.Key));
        Assert.All(Batches.Copy(compressed.Batch), r => Assert.Equal("hello hello hello hello hello hello hello", r.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Down_and_up_again_keeps_the_records(sbyte magic)
    {
        var builder = new RecordBatchBuilder { BaseOffset = 50 };
        builder.Append(1000, Batches.Bytes("a"), Batches.Bytes("1"), [new RecordHeader("lost", null)]);
        builder.Append(1001, null, Batches.Bytes("2"));
        builder.Append(1002, Batches.Bytes("c"), null);
        var set = DownConversion.Convert(builder.Build(), magic);
        var offsets = new List<long>();
        foreach (var message in new MessageSet(set.Span))
        {
            Assert.Equal(magic, message.Magic);
            offsets.Add(message.Offset);
        }

        Assert.Equal([50, 51, 52], offsets);
        long Stamp(long time) => magic == 0 ? -1 : time;
        Assert.Equal(
            [
                new CopiedRecord(0, Stamp(1000), "a", "1", ""),
                new CopiedRecord(1, Stamp(1001), null, "2", ""),
                new CopiedRecord(2, Stamp(1002), "c", null, ""),
            ],
            Batches.Copy(UpConversion.Convert(set.Span).Batch));
    }

    [Fact]
    public void Down_conversion_leaves_out_control_batches_earlier_records_and_a_torn_end()
    {
        var first = Batches.Builder(4);
        first.BaseOffset = 10;
        var control = Batches.Builder(1);
        control.BaseOffset = 14;
        control.IsControl = true;
        var last = Batches.Builder(2, CompressionType.Snappy);
        last.BaseOffset = 15;
        byte[] log = [.. first.Build(), .. control.Build(), .. last.Build(), .. Batches.Build(1).Take(70)];
        var offsets = new List<long>();
        foreach (var message in new MessageSet(DownConversion.Convert(log, 1, 12).Span))
            offsets.Add(message.Offset);
        Assert.Equal([12, 13, 15, 16], offsets);
    }

    [Fact]
    public void Log_append_time_survives_in_magic_1()
    {
        var batch = Batches.Build(1);
        RecordBatchPatch.SetLogAppendTime(batch, 777);
        foreach (var message in new MessageSet(DownConversion.Convert(batch, 1).Span))
            Assert.Equal((TimestampType.LogAppendTime, 777L), (message.TimestampType, message.Timestamp));
    }

    [Theory]
    [InlineData(0, CompressionType.Gzip)]
    [InlineData(0, CompressionType.Snappy)]
    [InlineData(1, CompressionType.Snappy)]
    [InlineData(1, CompressionType.Lz4)]
    public void Wrapped_messages_are_unwrapped(sbyte magic, CompressionType type)
    {
        var wrapped = Wrap(magic, type, Inner(magic).Span);
        Assert.Equal(["v0", "v1"], Batches.Copy(UpConversion.Convert(wrapped).Batch).Select(r => r.Value));
    }

    /// <summary>The checksum of old producers covers the magic number too; theirs is known to differ from the right one.</summary>
    [Fact]
    public void The_wrong_frame_checksum_of_magic_0_is_understood()
    {
        var frame = CompressionCodec.For(CompressionType.Lz4).Compress(Inner(0).Span);
        frame[6] ^= 0x5A;
        Assert.Throws<WireFormatException>(() => CompressionCodec.Decompress(CompressionType.Lz4, frame));
        var writer = new MessageSetWriter(0);
        writer.Append(1, -1, TimestampType.CreateTime, default, false, frame, true, CompressionType.Lz4);
        Assert.Equal(["v0", "v1"], Batches.Copy(UpConversion.Convert(writer.Written.Span).Batch).Select(r => r.Value));
    }

    [Fact]
    public void Every_flipped_bit_of_a_message_is_detected()
    {
        var sound = Convert.FromHexString(KcatMagic1);
        for (var bit = 8 * 8; bit < sound.Length * 8; bit++)
        {
            var spoilt = (byte[])sound.Clone();
            spoilt[bit / 8] ^= (byte)(1 << (bit % 8));
            var result = UpConversion.Convert(spoilt);
            Assert.Null(result.Batch);
            Assert.False(result.Verdict.IsSound);
        }
    }

    [Fact]
    public void Bad_sets_are_refused_by_name()
    {
        Assert.Equal(RecordBatchProblem.WrongRecordCount, UpConversion.Convert([]).Verdict.Problem);
        Assert.Equal(RecordBatchProblem.BadRecord, UpConversion.Convert(new byte[5]).Verdict.Problem);
        Assert.Equal(RecordBatchProblem.BadRecord, UpConversion.Convert(Batches.Build(1)).Verdict.Problem);
        var nested = Wrap(1, CompressionType.Gzip, Wrap(1, CompressionType.Gzip, Inner(1).Span));
        Assert.Equal(RecordBatchProblem.BadRecord, UpConversion.Convert(nested).Verdict.Problem);
        Assert.Equal(RecordBatchProblem.UnknownCompression, UpConversion.Convert(Wrap(1, CompressionType.Zstd, Inner(1).Span)).Verdict.Problem);
    }

    [Fact]
    public void Random_bytes_and_damage_never_throw()
    {
        var random = new Random(11);
        var sound = Convert.FromHexString(KcatMagic1Gzip);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? (byte[])sound.Clone() : new byte[random.Next(100)];
            if (i % 2 == 1)
                random.NextBytes(bytes);
            else
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.NotNull(UpConversion.Convert(bytes).Verdict.Detail);
        }
    }

    [Fact]
    public void The_greatest_magic_follows_the_fetch_version() =>
        Assert.Equal([0, 0, 1, 1, 2, 2], Enumerable.Range(0, 6).Select(v => (int)DownConversion.MaxMagic((short)v)));

    [Fact]
    public void The_checksum_is_the_usual_one() => Assert.Equal(0xCBF43926u, Crc32.Compute(Encoding.ASCII.GetBytes("123456789")));

    private static ReadOnlyMemory<byte> Inner(sbyte magic)
    {
        var inner = new MessageSetWriter(magic);
        for (var i = 0; i < 2; i++)
            inner.Append(i, 100 + i, TimestampType.CreateTime, default, false, Encoding.UTF8.GetBytes($"v{i}"), true);
        return inner.Written;
    }

    private static byte[] Wrap(sbyte magic, CompressionType type, ReadOnlySpan<byte> inner)
    {
        var writer = new MessageSetWriter(magic);
        writer.Append(1, 101, TimestampType.CreateTime, default, false, CompressionCodec.For(type).Compress(inner), true, type);
        return writer.Written.ToArray();
    }
}
