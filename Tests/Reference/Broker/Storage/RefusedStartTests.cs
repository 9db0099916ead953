using System;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>A start that is refused leaves what was closed in order as it was: the next one must not recover, and cut, it.</summary>
public class RefusedStartTests
{
    private const string Marker = ".kafka_cleanshutdown";
    private readonly StorageBox _box = new();

    [Theory]
    [InlineData("recovery-point-offset-checkpoint")]
    [InlineData("replication-offset-checkpoint")]
    [InlineData("log-start-offset-checkpoint")]
    [InlineData("cleaner-offset-checkpoint")]
    [InlineData("orders-0/leader-epoch-checkpoint")]
    public void A_checkpoint_that_cannot_be_read_does_not_make_the_next_start_unclean(string checkpoint)
    {
        _box.RunManager(async manager =>
        {
            await Append(await manager.GetOrCreate(new("another", 0)));
            await Append(await manager.GetOrCreate(StorageBox.Orders));
            await manager.Shutdown();
        });
        _box.Write($"/data/{checkpoint}", "nonsense"u8.ToArray());
        for (var start = 0; start < 2; start++)
        {
            Assert.Contains(checkpoint, Assert.Throws<CorruptCheckpointException>(() => _box.RunManager(_ => LoopTask.Completed)).Message, StringComparison.Ordinal);
            Assert.Contains(Marker, _box.List("/data"));
        }

        _box.Run(node => node.Disk.Delete($"/data/{checkpoint}"));
        _box.RunManager(async manager =>
        {
            Assert.False(manager.HadUncleanShutdown);
            foreach (var log in manager.Logs) Assert.Equal(["0@1=a"], await Batches.Dump(log));
        });
    }

    [Fact]
    public void A_refusal_in_one_directory_leaves_the_others_closed_in_order()
    {
        Fill("/one", "a");
        Fill("/two", "b");
        _box.Write("/two/recovery-point-offset-checkpoint", "nonsense"u8.ToArray());
        Assert.Throws<CorruptCheckpointException>(() => Start("/one", "/two"));
        foreach (var path in (string[])["/one", "/two"]) Assert.Contains(Marker, _box.List(path));
        _box.Run(node => node.Disk.Delete("/two/recovery-point-offset-checkpoint"));
        Assert.False(Start("/one", "/two"));
        Assert.All((string[])["/one", "/two"], path => Assert.DoesNotContain(Marker, _box.List(path)));
    }

    [Fact]
    public void So_does_a_partition_that_stands_in_two()
    {
        Fill("/one", "a");
        Fill("/two", "a");
        Fill("/three", "c");
        _box.Run(node => node.Disk.Delete($"/three/{Marker}"));
        Assert.Throws<DuplicateLogException>(() => Start("/one", "/two", "/three"));
        foreach (var path in (string[])["/one", "/two"]) Assert.Contains(Marker, _box.List(path));
        Assert.DoesNotContain(Marker, _box.List("/three")); // it was not closed in order
    }

    [Fact]
    public void A_name_that_no_broker_writes_is_told_and_left_alone()
    {
        _box.Run(node => node.Disk.CreateDirectory("/data/2026-01"));
        _box.Run(async node =>
        {
            var (remembering, logs) = StorageBox.Remembering(node);
            Assert.Empty((await _box.Load(remembering)).Logs);
            Assert.Contains("Warning: /data/2026-01 is no partition's directory, nor a file of this broker's; it is left alone", logs.Lines);
        });
        Assert.Contains("2026-01", _box.List("/data"));
    }

    [Fact]
    public void A_foreign_file_that_may_not_be_written_does_not_take_its_directory_offline()
    {
        _box.Write("/data/report-2024", [1]);
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            disk.Refuses = path => path == "/data/report-2024";
            var manager = await _box.Load(failing);
            Assert.True(manager.Directories[0].IsOnline);
            Assert.Empty(manager.Logs);
        });
    }

    private static async LoopTask Append(PartitionLog log)
    {
        await log.StartLeading(1);
        await log.AppendAsLeader(Batches.Of("a"), 1);
    }

    private void Fill(string path, string topic) => _box.Run(async node =>
    {
        var manager = new LogManager(node, [path], _ => LogConfig.Default);
        await manager.VerifyIdentity(1, "c");
        await manager.Load();
        await Append(await manager.GetOrCreate(new(topic, 0)));
        await manager.Shutdown();
    });

    /// <summary>True if logs had to be recovered.</summary>
    private bool Start(params string[] paths)
    {
        var unclean = false;
        _box.Run(async node =>
        {
            var manager = new LogManager(node, paths, _ => LogConfig.Default);
            await manager.VerifyIdentity(1, "c");
            await manager.Load();
            unclean = manager.HadUncleanShutdown;
        });
        return unclean;
    }
}
