using System;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Reference.Wire;
using Reference.Wire.Compression;
using Reference.Wire.Records;
using Tests.Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire.Compression;

public sealed class CompressionCodecTests
{
    /// <summary>Batches of three lines that kcat 1.7.1 sent with <c>-z</c>.</summary>
    public static TheoryData<CompressionType, string> KcatBatches => new()
    {
        {
            CompressionType.Gzip,
            "000000000000000000000065000000000203b0c1e9000100000002000001a1fc5b64a4000001a1fc5b64a4ffffffffffffffffffffffffffff00000003"
            + "1f8b08000000000000032b626060604ccbc9cc4b553050482401301431303041751a92ac9305aad388349d00e91dd68aae000000"
        },
        {
            CompressionType.Snappy,
            "00000000000000000000005b00000000026f7a377d000200000002000001a1fc5b6526000001a1fc5b6526ffffffffffffffffffffffffffff00000003"
            + "ae01347200000001666c696e6520302061aa01001000720000020d3a0031c23a0000040d3a0032b63a00"
        },
        {
            CompressionType.Lz4,
            "00000000000000000000006e00000000026a618d6d000300000002000001a1fc5b659c000001a1fc5b659cffffffffffffffffffffffffffff00000003"
            + "04224d186040822e000000ef7200000001666c696e65203020610100185300720000023a001f313a001e13043a001f323a001650616161610000000000"
        },
        {
            CompressionType.Zstd,
            "00000000000000000000005f00000000028fa1da6e000400000002000001a1fc5b6616000001a1fc5b6616ffffffffffffffffffffffffffff00000003"
            + "28b52ffd00582d0100b07200000001666c696e6520302061007200000231043205000323c03d41645d652f265002"
        },
    };

    public static TheoryData<CompressionType> Types => [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(KcatBatches))]
    public void Batches_of_kcat_are_read(CompressionType type, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(type, new RecordBatch(bytes).Compression);
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(bytes));
        var lines = Enumerable.Range(0, 3).Select(i => $"line {i} {new string('a', 44)}");
        Assert.Equal(lines, Batches.Copy(bytes).Select(r => r.Value));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_compressed_comes_back(CompressionType type) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), data =>
        {
            var repeated = Enumerable.Repeat(data, 200).SelectMany(d => d).ToArray();
            var codec = CompressionCodec.For(type);
            Assert.Equal(data, codec.Decompress(codec.Compress(data), data.Length + 1));
            Assert.Equal(repeated, codec.Decompress(codec.Compress(repeated), repeated.Length + 1));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Types))]
    public void Large_data_comes_back(CompressionType type)
    {
        var data = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i * 7919};")));
        Assert.Equal(data, CompressionCodec.Decompress(type, CompressionCodec.For(type).Compress(data)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_compressed_batch_is_sound(CompressionType type)
    {
        var bytes = Batches.Build(20, type);
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(bytes));
        Assert.Equal(Batches.Copy(Batches.Build(20)), Batches.Copy(bytes));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_bomb_is_refused(CompressionType type)
    {
        var bomb = CompressionCodec.For(type).Compress(new byte[1_000_000]);
        Assert.Throws<WireFormatException>(() => CompressionCodec.For(type).Decompress(bomb, 500_000));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Damaged_data_gives_the_typed_error_or_other_data(CompressionType type)
    {
        var random = new Random(3);
        var sound = CompressionCodec.For(type).Compress(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200))));
        for (var i = 0; i < 2000; i++)
        {
            var damaged = (byte[])sound.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var cut = random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length;
            try
            {
                CompressionCodec.For(type).Decompress(damaged.AsSpan(0, cut), 100_000);
            }
            catch (WireFormatException)
            {
                // the one error that may come out
            }
        }
    }

    [Fact]
    public void No_codec_for_no_compression() => Assert.Throws<WireFormatException>(() => CompressionCodec.For(CompressionType.None));
}
