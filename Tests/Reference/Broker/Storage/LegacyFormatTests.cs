using System;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Reference.Wire.Records.Legacy;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>A log that Kafka wrote before record batches is refused and stays as it is, whatever kind of stop came before.</summary>
public class LegacyFormatTests
{
    private const string Log0 = "/data/orders-0/00000000000000000000.log";
    private const string Log2 = "/data/orders-0/00000000000000000002.log";
    private readonly StorageBox _box = new();

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void It_is_refused_and_untouched(sbyte magic, bool isClean)
    {
        var messages = Messages(magic, 0, "a", "b");
        Prepare(isClean, (Log0, messages));
        Refuses(Log0, 0, magic, messages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_it_is_when_newer_batches_stand_before_or_after_it(bool isClean)
    {
        byte[] mixed = [.. Batches.At(0, 1, 1000, "a"), .. Messages(1, 1, "b")];
        Prepare(isClean, (Log0, mixed));
        Refuses(Log0, mixed.Length - Messages(1, 1, "b").Length, 1, mixed);
        var old = Messages(1, 0, "a", "b");
        Prepare(isClean, (Log0, old), (Log2, Batches.At(2, 1, 1000, "c")));
        Refuses(Log0, 0, 1, old);
        Assert.Contains("00000000000000000002.log", _box.List("/data/orders-0"));
    }

    [Fact]
    public void What_only_resembles_it_is_cut_as_before()
    {
        var damaged = Messages(1, 1, "b");
        damaged[^1] ^= 1;
        var torn = Messages(1, 1, "b")[..^1];
        foreach (var tail in (byte[][])[damaged, torn, new byte[40]])
        {
            Prepare(isClean: false, (Log0, [.. Batches.At(0, 1, 1000, "a"), .. tail]));
            _box.RunLog(async log => Assert.Equal(["0@1=a"], await Batches.Dump(log)));
        }
    }

    private void Refuses(string path, long position, int version, byte[] bytes)
    {
        for (var start = 0; start < 2; start++)
        {
            var refused = Assert.Throws<LegacyFormatException>(() => _box.RunManager(_ => global::Simulator.Platform.LoopTask.Completed));
            Assert.Equal((path, position), (refused.Path, refused.Position));
            Assert.Contains($"messages of format v{version}", refused.Message, StringComparison.Ordinal);
            Assert.Equal(bytes, _box.Bytes(path));
        }
    }

    private void Prepare(bool isClean, params (string Path, byte[] Bytes)[] segments)
    {
        _box.Run(node => node.Disk.Delete("/data/orders-0"));
        foreach (var (path, bytes) in segments) _box.Write(path, bytes);
        if (isClean) _box.Write("/data/.kafka_cleanshutdown", []);
        else _box.Run(node => node.Disk.Delete("/data/.kafka_cleanshutdown"));
    }

    private static byte[] Messages(sbyte magic, long offset, params string[] values)
    {
        var builder = new RecordBatchBuilder { BaseOffset = offset };
        foreach (var value in values) builder.Append(1000, null, System.Text.Encoding.UTF8.GetBytes(value));
        return DownConversion.Convert(builder.Build(), magic).ToArray();
    }
}
