using System;
using System.Text;
using Reference.Broker;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>The bytes on disk, written out by hand from the descriptions of Kafka's formats (KIP-98, KIP-33, KIP-101).</summary>
public class FormatTests
{
    private readonly StorageBox _box = new() { Config = LogConfig.Default with { IndexIntervalBytes = 60 } };

    [Fact]
    public void A_segment_holds_batches_v2_and_its_indexes_relative_offsets()
    {
        _box.RunLog(async log =>
        {
            await log.StartLeading(7);
            await log.AppendAsLeader(Batches.At(0, -1, 0x100, "a"), 7);
            await log.AppendAsLeader(Batches.At(0, -1, 0x200, "b", "c"), 7);
            await log.AppendAsLeader(Batches.At(0, -1, 0x180, "d"), 7);
        }, shutDown: true);

        var log = _box.Bytes("/data/orders-0/00000000000000000000.log");
        const string firstBatch =
            "0000000000000000" + "00000039" // base offset; length 57: 49 + 8
            + "00000007" + "02" // leader epoch; magic
            + "CRC" // of all that follows
            + "0000" + "00000000" // attributes; last offset delta
            + "0000000000000100" + "0000000000000100" // base and max timestamp
            + "FFFFFFFFFFFFFFFF" + "FFFF" + "FFFFFFFF" // no producer id, epoch, sequence
            + "00000001" // records
            + "0E" + "00" + "00" + "00" + "01" + "02" + "61" + "00"; // length 7; attributes; time and offset delta; null key; 1-byte value 'a'; no headers
        var hex = Convert.ToHexString(log);
        Assert.Equal(firstBatch.Replace("CRC", hex[34..42], StringComparison.Ordinal), hex[..138]);
        Assert.Equal(CastagnoliBitByBit(log.AsSpan(21, 48)), Convert.ToUInt32(hex[34..42], 16));
        Assert.Equal("0000000000000001" + "00000041" + "00000007", hex[138..170]); // the second batch: 77 bytes, offsets 1 and 2
        Assert.Equal(69 + 77 + 69, log.Length);

        // An entry for each batch that begins more than 60 bytes behind the last entry: (2, 69) and (3, 146).
        Assert.Equal("00000002" + "00000045" + "00000003" + "00000092", Hex("/data/orders-0/00000000000000000000.index"));
        Assert.Equal("0000000000000201" + "00000002", Hex("/data/orders-0/00000000000000000000.timeindex")); // the greatest so far: 0x201 at offset 2
        Assert.Equal("0\n1\n7 0\n", Text("/data/orders-0/leader-epoch-checkpoint"));
    }

    [Fact]
    public void Checkpoints_and_meta_properties_are_text()
    {
        _box.RunManager(async manager =>
        {
            foreach (var partition in (TopicPartition[])[new("b", 0), new("a", 10), new("a", 9)])
            {
                var log = await manager.GetOrCreate(partition);
                await log.StartLeading(1);
                for (var i = 0; i <= partition.Partition; i++) await log.AppendAsLeader(Batches.Of("x"), 1);
                log.UpdateHighWatermark(1);
                if (partition.Topic == "b") await log.IncrementLogStartOffset(1);
            }

            await manager.Shutdown();
        });
        Assert.Equal("0\n3\na 9 10\na 10 11\nb 0 1\n", Text("/data/recovery-point-offset-checkpoint"));
        Assert.Equal("0\n3\na 9 1\na 10 1\nb 0 1\n", Text("/data/replication-offset-checkpoint"));
        Assert.Equal("0\n1\nb 0 1\n", Text("/data/log-start-offset-checkpoint"));
        Assert.Equal("version=0\nbroker.id=1\ncluster.id=cluster\n", Text("/data/meta.properties"));
        Assert.Equal("", Text("/data/.kafka_cleanshutdown"));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("1\n0\n", 1)]
    [InlineData("0\n", 2)]
    [InlineData("0\nx\n", 2)]
    [InlineData("0\n2\na 0 1\n", 2)]
    [InlineData("0\n1\na 0\n", 3)]
    [InlineData("0\n1\na 0 x\n", 3)]
    [InlineData("0\n1\na -1 5\n", 3)]
    [InlineData("0\n2\na 0 1\na 0 2\n", 4)]
    public void A_damaged_checkpoint_is_refused_with_file_line_and_remedy(string content, int line)
    {
        _box.Write("/data/recovery-point-offset-checkpoint", Encoding.UTF8.GetBytes(content));
        var refused = Assert.Throws<CorruptCheckpointException>(() => _box.RunManager(_ => LoopTask.Completed));
        Assert.Equal(("/data/recovery-point-offset-checkpoint", line), (refused.Path, refused.Line));
        Assert.Contains("Delete the file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_another_broker_or_cluster_is_refused_and_comments_are_allowed()
    {
        _box.Write("/data/meta.properties", "#Mon Jan 01\nversion=0\nbroker.id=2\ncluster.id=cluster\n"u8.ToArray());
        Assert.Throws<InconsistentBrokerIdException>(() => _box.RunManager(_ => LoopTask.Completed));
        _box.Write("/data/meta.properties", "version=0\nbroker.id=1\ncluster.id=other\n"u8.ToArray());
        Assert.Throws<InconsistentClusterIdException>(() => _box.RunManager(_ => LoopTask.Completed));
        _box.Write("/data/meta.properties", "broker.id=1\n"u8.ToArray());
        Assert.Throws<CorruptCheckpointException>(() => _box.RunManager(_ => LoopTask.Completed));
    }

    private static uint CastagnoliBitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }

    private string Hex(string path) => Convert.ToHexString(_box.Bytes(path));

    private string Text(string path) => Encoding.UTF8.GetString(_box.Bytes(path));
}
