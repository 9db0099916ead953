using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Simulator.Engine;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Coordination;

public class RecoveryTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(i => (ulong)i)];

    private const string Log = "store/log.0000000000000001";

    [Fact]
    public void A_tail_torn_at_any_byte_costs_only_the_frames_it_touches()
    {
        var (bytes, ends) = WriteLog(znodes: 6);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var expected = ends.Count(end => end <= length);
            var (zxid, error) = Recover(new() { [Log] = bytes[..length] });
            Assert.Null(error);
            Assert.True(expected == zxid, $"Cut at {length} of {bytes.Length}: transaction {zxid} instead of {expected}.");
        }
    }

    [Fact]
    public void A_tail_of_garbage_is_cut()
    {
        var (bytes, ends) = WriteLog(znodes: 3);
        Assert.Equal((ends.Count, null), Recover(new() { [Log] = [.. bytes, .. new byte[700]] }));
        Assert.Equal((ends.Count, null), Recover(new() { [Log] = [.. bytes, .. Enumerable.Repeat((byte)0x43, 700)] }));
    }

    /// <summary>It may be what a power loss left of a file that had just been begun; or not, and then somebody must hear of it.</summary>
    [Fact]
    public void A_last_file_that_begins_like_no_log_is_kept_aside_and_named()
    {
        var foreign = Foreign();
        var (files, errors) = StartOver(foreign);
        Assert.False(files.ContainsKey(Log));
        Assert.Equal(foreign, files[Log + ".damaged"]);
        var line = Assert.Single(errors);
        Assert.Contains(Log, line, StringComparison.Ordinal);
        Assert.Contains("restore the file from a backup", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_files_kept_aside_none_takes_the_place_of_another()
    {
        var foreign = Foreign();
        var (files, errors) = StartOver(foreign, [.. foreign, 1], [.. foreign, 2]);
        Assert.Equal(foreign, files[Log + ".damaged"]);
        Assert.Equal([.. foreign, 1], files[Log + ".damaged.1"]);
        Assert.Equal([.. foreign, 2], files[Log + ".damaged.2"]);
        Assert.Contains($"it is kept as {Log}.damaged.2,", errors[^1], StringComparison.Ordinal);
    }

    /// <summary>A header of which a crash left a part is a torn file like any other: nothing of it was acknowledged.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_part_of_a_header_is_a_torn_file_and_no_foreign_one(int zerosBehind)
    {
        var (bytes, _) = WriteLog(znodes: 1);
        for (var length = 0; length < 8 && (length < 4 || zerosBehind == 0); length++)
        {
            var (files, errors) = StartOver([.. bytes[..length], .. new byte[zerosBehind]]);
            Assert.Empty(errors);
            Assert.DoesNotContain(files.Keys, name => name.StartsWith(Log, StringComparison.Ordinal));
        }
    }

    private static byte[] Foreign() => [.. WriteLog(znodes: 1).Log[..^4].Select(b => (byte)(b ^ 0x5a))];

    /// <summary>Starts a server on its disk once for each of these last log files; gives the files that there are in the end, and what was logged as an error.</summary>
    private static (SortedDictionary<string, byte[]> Files, IReadOnlyList<string> Errors) StartOver(params byte[][] logFiles)
    {
        using var logs = new RememberingLogs();
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        Run(async node =>
        {
            await node.Disk.CreateDirectory(SimCluster.Directory);
            foreach (var bytes in logFiles)
            {
                await node.Disk.WriteAtomically(Log, bytes);
                var process = new Node(node.Name, node.Loop, node.Clock, node.Network, node.Disk, node.Random, logs, new NoBuggify());
                var server = new CoordinationServer(process, new CoordinationServerOptions(new Endpoint(node.Name, 2181), SimCluster.Directory));
                await server.Start();
                files.Clear();
                foreach (var name in await node.Disk.List(SimCluster.Directory)) files.Add($"{SimCluster.Directory}/{name}", await node.Disk.ReadAllBytes($"{SimCluster.Directory}/{name}"));
                await server.Stop(TimeSpan.FromSeconds(1));
            }
        });
        return (files, [.. logs.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal))]);
    }

    [Fact]
    public void Damage_before_a_whole_frame_is_refused_with_file_offset_and_remedy()
    {
        var (bytes, ends) = WriteLog(znodes: 6);
        for (var at = ends[1]; at < ends[2]; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x40;
            var (_, error) = Recover(new() { [Log] = damaged });
            var corrupt = Assert.IsType<StoreCorruptException>(error);
            Assert.Equal((Log, (long)ends[1]), (corrupt.File, corrupt.Offset));
            Assert.Contains("Restore the file from a backup", corrupt.Message);
        }
    }

    [Fact]
    public void Old_logs_and_snapshots_are_purged_and_a_damaged_newest_snapshot_is_passed_over()
    {
        var files = WriteFiles(znodes: 50, snapshotEvery: 10);
        var snapshots = files.Keys.Where(f => f.StartsWith("store/snapshot.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, snapshots.Count);
        Assert.DoesNotContain(Log, files.Keys);
        var whole = Recover(files);
        Assert.Null(whole.Error);
        Assert.True(whole.Zxid >= 51);

        files[snapshots[1]][40] ^= 1;
        Assert.Equal(whole, Recover(files));

        files[snapshots[0]][40] ^= 1;
        Assert.IsType<StoreCorruptException>(Recover(files).Error);
    }

    [Fact]
    public void A_missing_log_file_is_named()
    {
        var files = WriteFiles(znodes: 55, snapshotEvery: 20);
        foreach (var snapshot in files.Keys.Where(f => f.Contains("snapshot", StringComparison.Ordinal)).ToList()) files.Remove(snapshot);
        var corrupt = Assert.IsType<StoreCorruptException>(Recover(files).Error);
        Assert.Contains("those between are missing", corrupt.Message);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Power_losses_and_crashes_take_back_nothing_that_was_acknowledged(ulong seed)
    {
        var (acknowledged, hash) = RunUnderPowerLosses(seed);
        Assert.True(acknowledged > 50, $"Only {acknowledged} were acknowledged.");
        Assert.Equal((acknowledged, hash), RunUnderPowerLosses(seed));
    }

    private static (int Acknowledged, ulong Hash) RunUnderPowerLosses(ulong seed)
    {
        var cluster = new SimCluster(seed, snapshotEvery: 25);
        var random = new RandomStream(seed);
        var acknowledged = new List<string>();
        var (stop, checkedAll) = (false, false);
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions with { SessionTimeout = TimeSpan.FromSeconds(20) });
            await client.Start();
            for (var i = 0; !stop; i++)
            {
                var path = $"/z{i}";
                try
                {
                    await client.Create(path, new byte[100 + (i % 50)]);
                    acknowledged.Add(path);
                }
                catch (CoordinationException e) when (e.Error == CoordinationError.ConnectionLoss)
                {
                    // unknown outcome: it may be there or not
                }
            }

            foreach (var path in acknowledged) Assert.NotNull(await client.Exists(path));
            checkedAll = true;
            await new LoopPromise<Nothing>().Task;
        });
        for (var i = 0; i < 8; i++)
        {
            cluster.RunFor(0.3 + random.NextDouble());
            if (random.Chance(0.7)) cluster.Server.LosePower();
            else cluster.Server.Crash();
            cluster.RunFor(0.2);
            cluster.Server.Restart();
        }

        cluster.RunFor(2);
        stop = true;
        cluster.RunUntil(() => checkedAll, 120);
        return (acknowledged.Count, cluster.World.Hash);
    }

    /// <summary>Runs a server and a client in one process; gives the log and where each transaction ends in it.</summary>
    private static (byte[] Log, List<int> Ends) WriteLog(int znodes)
    {
        var ends = new List<int>();
        var files = WriteFiles(znodes, snapshotEvery: 1000, async node =>
        {
            var file = await node.Disk.Open(Log, OpenMode.OpenExisting);
            if (ends.Count == 0 || ends[^1] != file.Length) ends.Add((int)file.Length);
            file.Close();
        });
        return (files[Log], ends);
    }

    private static SortedDictionary<string, byte[]> WriteFiles(int znodes, int snapshotEvery, Func<Node, LoopTask>? afterEach = null)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        Run(async node =>
        {
            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(node.Name, 2181), SimCluster.Directory) { SnapshotEvery = snapshotEvery });
            await server.Start();
            var client = new CoordinationClient(node, new CoordinationClientOptions($"{node.Name}:2181"));
            await client.Start();
            if (afterEach is not null) await afterEach(node);
            for (var i = 0; i < znodes; i++)
            {
                await client.Create($"/z{i}", new byte[i]);
                if (afterEach is not null) await afterEach(node);
            }

            await server.Stop(TimeSpan.FromSeconds(1));
            foreach (var name in await node.Disk.List(SimCluster.Directory))
            {
                files.Add(SimCluster.Directory + "/" + name, await node.Disk.ReadAllBytes(SimCluster.Directory + "/" + name));
            }
        });
        return files;
    }

    /// <summary>Starts a server over given files.</summary>
    private static (long Zxid, Exception? Error) Recover(SortedDictionary<string, byte[]> files)
    {
        (long Zxid, Exception? Error) outcome = default;
        Run(async node =>
        {
            await node.Disk.CreateDirectory(SimCluster.Directory);
            foreach (var (path, content) in files)
            {
                var file = await node.Disk.Open(path, OpenMode.CreateNew);
                await file.Write(0, content);
                file.Close();
            }

            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(node.Name, 2181), SimCluster.Directory));
            try
            {
                await server.Start();
                outcome = (server.LastZxid, null);
            }
            catch (StoreCorruptException e)
            {
                outcome = (0, e);
            }
        });
        return outcome;
    }

    private static void Run(Func<Node, LoopTask> program)
    {
        var world = new SimWorld(7);
        var ended = false;
        world.AddMachine("one").Start(async node =>
        {
            await program(node);
            ended = true;
        });
        world.RunUntil(() => ended, TimeSpan.FromSeconds(60));
        if (world.Failure is { } failure) throw failure.Exception ?? new InvalidOperationException(failure.Message);
        Assert.True(ended);
    }
}
