using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Coordination;
using Simulator.Host;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Coordination.Integration;

/// <summary>A real Apache ZooKeeper ensemble of which the server in use dies, and one that is behind takes the place of another.</summary>
public class ZooKeeperEnsembleTests
{
    private const string Root = "/kafka/ensemble";
    private static readonly TimeSpan s_session = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_session_outlives_its_servers_writes_go_on_and_a_server_that_is_behind_is_never_used()
    {
        using var ensemble = await ZooKeeperEnsemble.Start();
        using var directory = new TempDirectory("coordination-");
        await using var world = new HostWorld(directory.Path, NullLoggerFactory.Instance);
        var node = world.AddNode("client");
        var guest = new Guest();
        var running = node.RunAsync(n => guest.Run(n, ensemble.ConnectString + Root));
        await Until(() => guest.Acknowledged >= 10, running);

        var first = await ensemble.ServerOf(guest.Session);
        await ensemble.Kill(first);
        await GoesOn(guest, running);

        // The dead one's address is now that of an empty server, and the next one in use dies too: no majority, and only the empty one answers.
        await ensemble.ReplaceByEmpty(first);
        var second = await ensemble.ServerOf(guest.Session);
        Assert.NotEqual(first, second);
        await ensemble.Kill(second);
        await Until(() => guest.Reconnecting > 1, running);
        await ensemble.Restart(second);
        await GoesOn(guest, running);

        Assert.DoesNotContain(guest.Session.ToString("x", CultureInfo.InvariantCulture), await ensemble.Ask(first, "dump"), StringComparison.Ordinal);
        guest.Stop();
        await running.WaitAsync(s_patience);
        Assert.Equal((0, guest.Session), (guest.Expiries, guest.OwnerAtTheEnd));
        Assert.Empty(guest.Regressions);
    }

    private static Task GoesOn(Guest guest, Task running)
    {
        var acknowledged = guest.Acknowledged;
        return Until(() => guest.Acknowledged >= acknowledged + 10, running);
    }

    private static async Task Until(Func<bool> condition, Task running)
    {
        for (var end = DateTime.UtcNow + s_patience; !condition(); await Task.WhenAny(running, Task.Delay(20)))
        {
            if (running.IsCompleted) await running;
            if (DateTime.UtcNow > end) throw new TimeoutException("It did not come to that.");
        }
    }

    /// <summary>Counts up in a znode under an ephemeral of its own, and reads without sync: what it has seen must never go back.</summary>
    private sealed class Guest
    {
        private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);
        private readonly List<string> _regressions = [];
        private volatile bool _stopping;
        private int _acknowledged;
        private int _reconnecting;
        private int _expiries;

        public long Session { get; private set; }

        public long OwnerAtTheEnd { get; private set; }

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public int Reconnecting => Volatile.Read(ref _reconnecting);

        public int Expiries => Volatile.Read(ref _expiries);

        public IReadOnlyList<string> Regressions => _regressions;

        public void Stop() => _stopping = true;

        public async LoopTask Run(Node node, string servers)
        {
            var client = new CoordinationClient(node, new CoordinationClientOptions(servers) { SessionTimeout = s_session, StartTimeout = s_patience });
            client.Disconnected += () => _reconnecting++;
            client.Expired += () => _expiries++;
            await client.Start();
            await client.EnsureRoot();
            await client.Create("/mine", [], CreateMode.Ephemeral);
            await client.Create("/count", "0"u8.ToArray());
            Session = client.SessionId;
            for (var (count, seen) = (1, 0); !_stopping; count++)
            {
                try
                {
                    await client.SetData("/count", Encoding.ASCII.GetBytes($"{count}"));
                    seen = count;
                    _acknowledged++;
                    seen = await Read(client, seen);
                }
                catch (CoordinationException e) when (e.Error == CoordinationError.ConnectionLoss)
                {
                    // Done or not: the next read shows at least what was seen before.
                }

                await node.Clock.Delay(s_pace);
            }

            OwnerAtTheEnd = (await client.Exists("/mine"))?.EphemeralOwner ?? 0;
            await client.Close();
        }

        private async LoopTask<int> Read(CoordinationClient client, int seen)
        {
            var read = int.Parse(Encoding.ASCII.GetString((await client.GetData("/count")).Data), CultureInfo.InvariantCulture);
            if (read < seen) _regressions.Add($"{read} was read after {seen}");
            return Math.Max(seen, read);
        }
    }
}
