using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Reference.Wire.Records;
using Simulator.Host;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>Over a real disk, whose reads and writes are done at once: long walks through a log leave the loop to others now and then. Bytes between turns are counted, not time.</summary>
public sealed class LoopTurnsTests : IAsyncLifetime
{
    private const int MostBytesPerTurn = 256 << 10;
    private const int ValueBytes = 4000;
    private const int BatchesInLog = 1000;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("turns-");
    private readonly HostNode _host;

    public LoopTurnsTests() => _host = new HostNode("broker", _root.FullName, NullLoggerFactory.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public Task A_compaction_lets_other_work_go_on() => _host.RunAsync(async node =>
    {
        var (process, disk) = FailingDisk.Under(node);
        var manager = await Load(process);
        var log = await Fill(manager);
        var turns = new Turns(node, disk);
        Assert.True(await manager.Cleaner.CleanFilthiest());
        Assert.True(log.CleanedUpTo > BatchesInLog / 2);
        turns.AssertFrequent(2 * ValueBytes * (log.CleanedUpTo!.Value - 1)); // the map is filled, then all is copied
    });

    [Fact]
    public Task The_recovery_of_a_log_lets_other_work_go_on() => _host.RunAsync(async node =>
    {
        var before = await Load(node);
        await Fill(before);
        before.Unlock(); // and its process is no more: there is no marker
        var (process, disk) = FailingDisk.Under(node);
        var turns = new Turns(node, disk);
        var after = await Load(process);
        Assert.True(after.HadUncleanShutdown);
        Assert.Equal(BatchesInLog, after.Logs[0].LogEndOffset);
        turns.AssertFrequent(ValueBytes * BatchesInLog);
    });

    private static async LoopTask<LogManager> Load(Node node)
    {
        var config = LogConfig.Default with { CleanupPolicy = CleanupPolicies.Compact, SegmentBytes = 2 << 20, MinCleanableDirtyRatio = 0 };
        var manager = new LogManager(node, ["logs"], _ => config, new LogManagerOptions { Cleaner = new LogCleanerOptions { IoBufferBytes = 64 << 10 } });
        await manager.VerifyIdentity(1, "cluster");
        await manager.Load();
        return manager;
    }

    /// <summary>A log of a few MiB in which each key stands once, so that a compaction has to read and write it all.</summary>
    private static async LoopTask<PartitionLog> Fill(LogManager manager)
    {
        var log = await manager.GetOrCreate(StorageBox.Orders);
        await log.StartLeading(1);
        for (var i = 0; i < BatchesInLog; i++)
        {
            var builder = new RecordBatchBuilder();
            builder.Append(1000, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), new byte[ValueBytes]);
            await log.AppendAsLeader(builder.Build(), 1);
        }

        log.UpdateHighWatermark(log.LogEndOffset);
        return log;
    }

    /// <summary>Other work of the process, a timer that is due at once, again and again; and the most bytes that were moved between two of its turns.</summary>
    private sealed class Turns
    {
        private readonly Node _node;
        private long _moved;
        private long _sinceTurn;
        private long _most;

        public Turns(Node node, FailingDisk disk)
        {
            _node = node;
            disk.Moves = Count;
            Next();
        }

        public void AssertFrequent(long leastMoved)
        {
            Assert.InRange(_moved, leastMoved, long.MaxValue);
            Assert.InRange(_most, 1, MostBytesPerTurn);
        }

        private void Count(int bytes)
        {
            _moved += bytes;
            _sinceTurn += bytes;
            _most = Math.Max(_most, _sinceTurn);
        }

        private void Next() => _node.Clock.Schedule(TimeSpan.Zero, () =>
        {
            _sinceTurn = 0;
            Next();
        });
    }
}
