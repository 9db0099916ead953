using System;
using System.Collections.Generic;
using System.Text;
using Reference.Broker;
using Reference.Broker.Storage;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>Several log directories: identity, placement, the failure of one.</summary>
public class LogDirectoriesTests
{
    private readonly StorageBox _box = new();

    [Fact]
    public void One_failed_directory_leaves_the_others_working()
    {
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            var manager = new LogManager(failing, ["/one", "/two"], _ => LogConfig.Default);
            await manager.VerifyIdentity(1, "c");
            await manager.Load();
            var first = await manager.GetOrCreate(new TopicPartition("a", 0));
            var second = await manager.GetOrCreate(new TopicPartition("b", 0));
            Assert.Equal(("/one/a-0", "/two/b-0"), (first.Path, second.Path));
            disk.Fails = (_, path) => path.StartsWith("/one", StringComparison.Ordinal) ? DiskError.Io : null;
            await Refused.With<LogDirFailureException>(first.StartLeading(1).AsVoid());
            await second.StartLeading(1);
            await second.AppendAsLeader(Batches.Of("x"), 1);
            Assert.Equal([second], manager.Logs);
            await Refused.With<LogDirFailureException>(manager.GetOrCreate(new TopicPartition("a", 0)).AsVoid());
            Assert.Equal("/two/c-0", (await manager.GetOrCreate(new TopicPartition("c", 0))).Path);
        });
    }

    [Fact]
    public void A_directory_in_use_is_refused_to_another_until_it_is_given_back()
    {
        _box.Run(async node =>
        {
            var first = await Load(node, "/one", "/two");
            var second = new LogManager(node, ["/three", "/two"], _ => LogConfig.Default);
            var refused = await InUse(second.VerifyIdentity(1, "c"));
            Assert.Equal("The log directory /two is in use by another broker, which holds its file .lock: stop that one, or use another directory.", refused.Message);
            second.Unlock();
            await first.Shutdown();
            await InUse(second.VerifyIdentity(1, "c"));
            first.Unlock();
            await second.VerifyIdentity(1, "c");
            await second.Load();
        });
        _box.Run(node => Load(node, "/one", "/two", "/three").AsVoid()); // a process that ends holds nothing

        static async LoopTask<LogDirInUseException> InUse(LoopTask work)
        {
            try
            {
                await work;
            }
            catch (LogDirInUseException e)
            {
                return e;
            }

            throw new InvalidOperationException("The directory was not refused.");
        }
    }

    [Fact]
    public void New_partitions_go_to_the_directory_with_the_fewest_and_are_found_there_again()
    {
        _box.Run(async node =>
        {
            var manager = await Load(node, "/one", "/two", "/three");
            foreach (var topic in (string[])["a", "b", "c", "d"]) await manager.GetOrCreate(new TopicPartition(topic, 0));
            await manager.Delete(new TopicPartition("b", 0));
            Assert.Equal("/two/e-0", (await manager.GetOrCreate(new TopicPartition("e", 0))).Path);
            await manager.Shutdown();
        });
        _box.Run(async node =>
        {
            var manager = await Load(node, "/three", "/two", "/one", "/four");
            Assert.Equal("/one/d-0", manager.Get(new TopicPartition("d", 0))!.Path);
            Assert.Equal("/four/f-0", (await manager.GetOrCreate(new TopicPartition("f", 0))).Path);
        });
    }

    [Fact]
    public void Directories_are_recovered_each_by_its_own_marker_and_have_checkpoints_of_their_own()
    {
        _box.Run(async node =>
        {
            var manager = await Load(node, "/one", "/two");
            foreach (var topic in (string[])["a", "b"])
            {
                var log = await manager.GetOrCreate(new TopicPartition(topic, 0));
                await log.StartLeading(1);
                await log.AppendAsLeader(Batches.Of("x", "y"), 1);
                log.UpdateHighWatermark(2);
                await log.IncrementLogStartOffset(1);
            }

            await manager.Shutdown();
        });
        Assert.Equal("0\n1\na 0 2\n", Text("/one/recovery-point-offset-checkpoint"));
        Assert.Equal("0\n1\nb 0 1\n", Text("/two/log-start-offset-checkpoint"));
        _box.Run(node => node.Disk.Delete("/two/.kafka_cleanshutdown"));
        _box.Write("/two/b-0/00000000000000000000.log", [.. _box.Bytes("/two/b-0/00000000000000000000.log"), 1, 2, 3]);
        _box.Run(async node =>
        {
            var manager = await Load(node, "/one", "/two");
            Assert.True(manager.HadUncleanShutdown);
            Assert.All(manager.Logs, log => Assert.Equal((1, 2), (log.LogStartOffset, log.LogEndOffset)));
        });
    }

    [Fact]
    public void No_directory_is_marked_before_all_are_known_to_belong_to_this_broker()
    {
        _box.Write("/two/meta.properties", "version=0\nbroker.id=2\ncluster.id=c\n"u8.ToArray());
        var refused = Assert.Throws<InconsistentBrokerIdException>(() => _box.Run(node => Load(node, "/one", "/two").AsVoid()));
        Assert.Contains("/two belongs to broker 2", refused.Message, StringComparison.Ordinal);
        _box.Run(async node => Assert.False(await node.Disk.Exists("/one/meta.properties")));
    }

    [Fact]
    public void A_generated_id_is_found_in_any_directory_and_two_ids_are_refused()
    {
        var stored = new SortedDictionary<string, MetaProperties?>(StringComparer.Ordinal) { ["/a"] = null, ["/b"] = new(1001, null), ["/c"] = new(1001, "x") };
        Assert.Equal(1001, MetaProperties.AgreedBrokerId(stored));
        stored["/d"] = new MetaProperties(1002, "x");
        var refused = Assert.Throws<InconsistentBrokerMetadataException>(() => MetaProperties.AgreedBrokerId(stored));
        Assert.Contains("/b belongs to broker 1001, but /d to broker 1002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_that_stands_in_two_directories_is_refused_with_both_places()
    {
        foreach (var directory in (string[])["/one", "/two"])
        {
            _box.Run(async node =>
            {
                var manager = await Load(node, directory);
                await manager.GetOrCreate(StorageBox.Orders);
                await manager.Shutdown();
            });
        }

        var refused = Assert.Throws<DuplicateLogException>(() => _box.Run(node => Load(node, "/one", "/two").AsVoid()));
        Assert.Contains("orders-0 stands in both log directories /one and /two", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read")] // while its logs are recovered
    [InlineData("write")] // while its checkpoints are written anew
    public void A_directory_that_fails_while_it_is_loaded_is_offline_and_its_unseen_partitions_are_not_made_anew(string operation)
    {
        _box.Run(async node =>
        {
            var manager = await Load(node, "/one", "/two");
            foreach (var topic in (string[])["a", "b"])
            {
                var log = await manager.GetOrCreate(new TopicPartition(topic, 0));
                await log.StartLeading(1);
                await log.AppendAsLeader(Batches.Of("x"), 1);
            }
        });
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            disk.Fails = (o, path) => o == operation && path.StartsWith("/one/", StringComparison.Ordinal) ? DiskError.Io : null;
            var manager = await Load(failing, "/one", "/two");
            Assert.Equal("/one", (await manager.FailedDirectories.Receive()).Path);
            Assert.Equal("/two/b-0", Assert.Single(manager.Logs).Path);
            await Refused.With<LogDirFailureException>(manager.GetOrCreate(new TopicPartition("a", 0), mayBeOffline: true).AsVoid());
            Assert.Equal("/two/new-0", (await manager.GetOrCreate(new TopicPartition("new", 0))).Path);
        });
    }

    [Fact]
    public void With_no_directory_left_nothing_is_loaded_and_the_reason_is_said()
    {
        _box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            disk.Fails = (operation, _) => operation == "write" ? DiskError.AccessDenied : null;
            var manager = new LogManager(failing, ["/one", "/two"], _ => LogConfig.Default);
            var refused = await Refused.With<LogDirFailureException>(manager.VerifyIdentity(1, "c"));
            Assert.Contains("/one is offline: write of /one/meta.properties.tmp failed", refused.Message, StringComparison.Ordinal);
            Assert.True(manager.AllOffline);
        });
    }

    private static async LoopTask<LogManager> Load(Node node, params string[] paths)
    {
        var manager = new LogManager(node, paths, _ => LogConfig.Default);
        await manager.VerifyIdentity(1, "c");
        await manager.Load();
        return manager;
    }

    private string Text(string path) => Encoding.UTF8.GetString(_box.Bytes(path));
}
