using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Tests.Reference.Coordination.Integration;
using Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Tests.Reference.Broker.Integration;

/// <summary>A real ZooKeeper that comes late, is slow, loses replies or lets the session expire at the worst moment: the broker ends in a clear error or tries again, and loses nothing.</summary>
public sealed class ZooKeeperTroubleTests(ITestOutputHelper output)
{
    private const int AtOnce = 6;

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_broker_whose_ZooKeeper_is_refused_at_first_and_then_slow_serves_all_the_same()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        await using var relay = new ZooKeeperRelay(zookeeper.Port) { Lateness = TimeSpan.FromMilliseconds(60) };
        relay.Refuse();
        await using var life = new BrokerLife($"{relay.ConnectString}/slow/and/deep");
        var living = life.Live();
        await Eventually.Holds(() => relay.Attempts >= 3, "three attempts to connect");
        relay.Admit();
        Assert.Empty(await living.WaitAsync(Eventually.Patience));
    }

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_reply_that_is_lost_after_any_write_of_a_brokers_life_changes_nothing()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        var count = await CountWrites(zookeeper.Port);
        await Each(Enumerable.Range(0, count), async number =>
        {
            await using var relay = new ZooKeeperRelay(zookeeper.Port);
            relay.LoseReplyOf(w => w.Number == number);
            await using var life = new BrokerLife($"{relay.ConnectString}/lost-{number}");
            Assert.Empty(await life.Live());
            return relay;
        });
    }

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_session_that_expires_between_a_write_and_its_reply_is_followed_by_another()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        var count = await CountWrites(zookeeper.Port);
        await Each(Enumerable.Range(0, count).Where(n => n % 2 == 1), async number =>
        {
            await using var relay = new ZooKeeperRelay(zookeeper.Port);
            relay.LoseReplyOf(w => w.Number == number, async session =>
            {
                relay.Hold();
                await UntilExpired(zookeeper.Port, session);
                relay.Release();
            });
            await using var life = new BrokerLife($"{relay.ConnectString}/expired-{number}");
            foreach (var refusal in await life.Live()) output.WriteLine($"write {number}: a start was refused: {refusal}");
            return relay;
        });
    }

    private static async Task<int> CountWrites(int port)
    {
        await using var relay = new ZooKeeperRelay(port);
        await using var life = new BrokerLife($"{relay.ConnectString}/undisturbed");
        Assert.Empty(await life.Live());
        return relay.Writes.Count;
    }

    private static Task UntilExpired(int port, long session) => Eventually.Holds(
        async () => !(await Ask(port, "dump")).Contains($"0x{session:x}", StringComparison.OrdinalIgnoreCase), $"ZooKeeper lets session {session:x} expire");

    private static async Task<string> Ask(int port, string word)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var answer = await reader.ReadToEndAsync();
        Assert.Contains("SessionTracker dump", answer, StringComparison.Ordinal);
        return answer;
    }

    /// <summary>Lives the lives, some at once; a failure names the write at which the trouble was.</summary>
    private async Task Each(IEnumerable<int> writes, Func<int, Task<ZooKeeperRelay>> live)
    {
        var failures = new ConcurrentBag<string>();
        var struck = 0;
        var all = writes.ToList();
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            try
            {
                var relay = await live(number);
                Interlocked.Add(ref struck, relay.Lost);
            }
            catch (Exception e)
            {
                failures.Add($"at write {number}: {e}");
            }
        });
        output.WriteLine($"{all.Count} lives, {struck} replies lost");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
        Assert.InRange(struck, all.Count * 3 / 4, all.Count); // a life may have a write fewer than the one that was counted
    }
}
