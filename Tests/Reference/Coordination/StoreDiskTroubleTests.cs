using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Reference.Coordination;
using Reference.Coordination.Tree;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Coordination;

/// <summary>
/// The embedded store on a disk that is not well. Verifies that it ends and says so where the disk tells of an error, and comes back with
/// all that it had acknowledged; and that after lies of the disk (syncs that did nothing, writes that went astray, bits that flipped) it
/// has all of them, or a beginning without a hole, or refuses to start with the place and the remedy.
/// </summary>
public class StoreDiskTroubleTests
{
    private const int Seeds = 60;

    [Theory]
    [InlineData(DiskTroubleKind.NameError)]
    [InlineData(DiskTroubleKind.WriteError)]
    [InlineData(DiskTroubleKind.SyncError)]
    [InlineData(DiskTroubleKind.NoSpace)]
    public void A_store_whose_disk_fails_ends_and_says_so_and_comes_back_with_what_it_had_acknowledged(DiskTroubleKind trouble)
    {
        var world = new SimWorld(7);
        var machine = world.AddMachine("one");
        StoreHaltedException? halted = null;
        machine.Start(async node =>
        {
            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(node.Name, 2181), SimCluster.Directory) { SnapshotEvery = 2 }); // a log that is open has no use for names, a snapshot has
            await server.Start();
            var client = new CoordinationClient(node, new CoordinationClientOptions($"{node.Name}:2181"));
            await client.Start();
            await client.Create("/kept", new byte[100]);
            machine.Disk.Afflict(new DiskTrouble(trouble, 1, string.Empty, 1));
            node.Spawn(Create(client, "/lost"));
            try
            {
                await server.Stopped;
            }
            catch (StoreHaltedException e)
            {
                halted = e;
            }
        });
        Assert.True(world.RunUntil(() => halted is not null, TimeSpan.FromSeconds(60)), "the server went on");
        Assert.Null(world.Failure);
        Assert.Contains("Mend the disk and restart it", halted!.Message, StringComparison.Ordinal);
        machine.Crash();
        machine.Disk.Heal();
        Assert.True(Restart(world, machine, "/later").Exists("/kept"));
        machine.LosePower();
        var tree = Restart(world, machine, "/last");
        Assert.Equal((true, true), (tree.Exists("/kept"), tree.Exists("/later")));
    }

    [Theory]
    [InlineData(DiskTroubleKind.ReadError)]
    [InlineData(DiskTroubleKind.NameError)]
    public void A_start_whose_disk_fails_names_the_place_and_takes_nothing_from_the_next(DiskTroubleKind trouble)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = new SimWorld(seed);
            var machine = world.AddMachine("one");
            var history = new History(machine);
            history.Run(TimeSpan.FromMilliseconds(300));
            machine.Crash();
            machine.Disk.Afflict(new DiskTrouble(trouble, seed == 1 ? 1 : 0.3, string.Empty, seed));
            var (tree, error, _) = Start(world, machine);
            if (error is null) history.AssertBeginning(tree!, $"{trouble}, seed {seed}", atLeast: history.Acknowledged);
            else Assert.Matches(@"^(\.|store\S*) cannot be (read|reached): the device reports an error", Assert.IsType<DiskException>(error).Message);
            if (seed == 1) Assert.NotNull(error);
            machine.Disk.Heal();
            machine.LosePower();
            (tree, error, _) = Start(world, machine);
            Assert.Null(error);
            history.AssertBeginning(tree!, $"{trouble}, seed {seed}", atLeast: history.Acknowledged);
        }
    }

    [Theory]
    [InlineData(DiskTroubleKind.LyingSync, false)]
    [InlineData(DiskTroubleKind.LyingSync, true)]
    [InlineData(DiskTroubleKind.MisdirectedWrite, false)]
    [InlineData(DiskTroubleKind.MisdirectedWrite, true)]
    [InlineData(null, false)]
    public void After_a_lie_of_the_disk_the_store_has_a_beginning_of_its_history_or_refuses_with_place_and_remedy(DiskTroubleKind? lie, bool losesPower)
    {
        var (refused, shorter, whole) = (0, 0, 0);
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new SimWorld(seed);
            var machine = world.AddMachine("one");
            var random = RandomStream.Named(seed, "moments");
            var history = new History(machine);
            var why = $"{(lie is { } known ? known : "bit rot")}, seed {seed}";
            history.Run(TimeSpan.FromMilliseconds(100));
            if (lie is { } trouble) machine.Disk.Afflict(new DiskTrouble(trouble, trouble == DiskTroubleKind.LyingSync ? 0.5 : 0.1, string.Empty, seed));
            world.RunFor(random.NextSpan(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(600)));
            Assert.True(world.Failure is null, $"{why}: {world.Failure?.Message}");
            machine.Crash();
            if (losesPower) machine.LosePower();
            machine.Disk.Heal();
            if (lie is null) Rot(machine, random);
            var (tree, error, logs) = Start(world, machine);
            if (error is not null)
            {
                AssertHelpful(error, why);
                refused++;
                continue;
            }

            var found = history.AssertBeginning(tree!, why, atLeast: 0);
            if (found < history.Acknowledged) shorter++;
            else whole++;
            // A sync that lied leaves nothing by which anybody could tell what is missing.
            if (found < history.Acknowledged && lie != DiskTroubleKind.LyingSync) Assert.Contains(logs, l => l.Contains("look after the disk", StringComparison.Ordinal) || l.Contains("restore the file", StringComparison.Ordinal));
            machine.LosePower();
            (tree, error, _) = Start(world, machine);
            if (error is null) history.AssertBeginning(tree!, $"{why}, second start", atLeast: lie == DiskTroubleKind.LyingSync && !losesPower ? 0 : found);
            else AssertHelpful(error, $"{why}, second start");
        }

        Assert.True(whole > 0, $"{whole} whole, {shorter} shorter, {refused} refused");
        if (lie == DiskTroubleKind.LyingSync && losesPower) Assert.True(shorter + refused > 5, $"{whole} whole, {shorter} shorter, {refused} refused");
        else if (lie == DiskTroubleKind.LyingSync) Assert.Equal((0, 0), (shorter, refused)); // nothing was ever taken back
        else Assert.True(refused > 5, $"{whole} whole, {shorter} shorter, {refused} refused");
    }

    /// <summary>Starts the server again, has a client create a znode, and gives the tree.</summary>
    private static ZnodeTree Restart(SimWorld world, SimMachine machine, string creates)
    {
        ZnodeTree? tree = null;
        machine.Start(async node =>
        {
            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(node.Name, 2181), SimCluster.Directory));
            await server.Start();
            var client = new CoordinationClient(node, new CoordinationClientOptions($"{node.Name}:2181"));
            await client.Start();
            await client.Create(creates, new byte[100]);
            tree = server.Tree;
            await server.Stopped;
        });
        Assert.True(world.RunUntil(() => tree is not null, TimeSpan.FromSeconds(60)), world.Failure?.Message ?? "the server did not come back");
        return tree!;
    }

    private static async LoopTask Create(CoordinationClient client, string path)
    {
        try
        {
            await client.Create(path, new byte[100]);
        }
        catch (CoordinationException)
        {
            // The store is gone.
        }
    }

    private static void AssertHelpful(Exception error, string why)
    {
        var corrupt = Assert.IsType<StoreCorruptException>(error);
        Assert.StartsWith(SimCluster.Directory + "/", corrupt.File, StringComparison.Ordinal);
        Assert.True(corrupt.Message.Contains("Restore", StringComparison.Ordinal) || corrupt.Message.Contains("Use the server version", StringComparison.Ordinal), $"{why}: no remedy in '{corrupt.Message}'");
    }

    private static void Rot(SimMachine machine, RandomStream random)
    {
        var (path, length) = random.Pick(machine.Disk.PeekFiles().Where(f => f.Length > 0).ToList());
        Assert.True(machine.Disk.Rot(path, random.NextInt64(0, length), (byte)random.Next(1, 256)));
    }

    /// <summary>Starts a server; gives its tree or why it did not start, and what it logged.</summary>
    private static (ZnodeTree? Tree, Exception? Error, IReadOnlyList<string> Logs) Start(SimWorld world, SimMachine machine)
    {
        (ZnodeTree? Tree, Exception? Error) outcome = default;
        using var logs = new RememberingLogs();
        var ended = false;
        machine.Start(async node =>
        {
            var process = new Node(node.Name, node.Loop, node.Clock, node.Network, node.Disk, node.Random, logs, new NoBuggify());
            var server = new CoordinationServer(process, OptionsOf(node));
            try
            {
                await server.Start();
                outcome = (server.Tree, null);
            }
            catch (Exception e) when (e is StoreCorruptException or DiskException)
            {
                outcome = (null, e);
            }

            ended = true;
        });
        Assert.True(world.RunUntil(() => ended, TimeSpan.FromSeconds(60)), world.Failure?.Message ?? "the start hangs");
        Assert.Null(world.Failure);
        if (machine.IsUp) machine.Crash();
        return (outcome.Tree, outcome.Error, [.. logs.Lines]);
    }

    private static CoordinationServerOptions OptionsOf(Node node) => new(new Endpoint(node.Name, 2181), SimCluster.Directory) { SnapshotEvery = 7 };

    /// <summary>A client that creates one znode after another, and what it was told.</summary>
    private sealed class History(SimMachine machine)
    {
        /// <summary>Number of znodes that are known to be there.</summary>
        public int Acknowledged { get; private set; }

        /// <summary>Starts server and client, and lets them work for a while.</summary>
        public void Run(TimeSpan span)
        {
            var begun = false;
            machine.Start(async node =>
            {
                var server = new CoordinationServer(node, OptionsOf(node));
                await server.Start();
                var client = new CoordinationClient(node, new CoordinationClientOptions($"{node.Name}:2181"));
                await client.Start();
                begun = true;
                for (; ; Acknowledged++) await client.Create(PathOf(Acknowledged), DataOf(Acknowledged));
            });
            Assert.True(machine.World.RunUntil(() => begun, TimeSpan.FromSeconds(60)), machine.World.Failure?.Message);
            machine.World.RunFor(span);
            Assert.True(Acknowledged > 5, $"only {Acknowledged} were acknowledged");
        }

        /// <summary>The tree holds the first znodes and no others; gives their number.</summary>
        public int AssertBeginning(ZnodeTree tree, string why, int atLeast)
        {
            var found = 0;
            while (tree.Exists(PathOf(found))) found++;
            var names = tree.ChildrenOf("/")!.Value.Names.Where(n => n.StartsWith('z')).ToList();
            Assert.True(found == names.Count, $"{why}: {string.Join(",", names)} have a hole at {found}");
            for (var i = 0; i < found; i++) Assert.Equal(DataOf(i), tree.DataOf(PathOf(i))!.Value.Data.ToArray());
            Assert.True(found >= atLeast && found <= Acknowledged + 1, $"{why}: {found} are there, {Acknowledged} were acknowledged, {atLeast} must be there");
            return found;
        }

        private static string PathOf(int i) => string.Create(CultureInfo.InvariantCulture, $"/z{i}");

        private static byte[] DataOf(int i) => Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 1 + (i % 90)));
    }
}
