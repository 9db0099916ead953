using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Coordination;

/// <summary>
/// Verifies that at most one contender at a time believes to own an ephemeral znode, under crashes, power losses and partitions,
/// and that someone owns it again after the faults. Does not freeze processes: a frozen believer is why writers need fencing.
/// </summary>
public class LeaderElectionTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(i => (ulong)i)];

    private const string Leader = "/leader";

    [Theory]
    [MemberData(nameof(Seeds))]
    public void At_most_one_contender_leads_and_someone_leads_again(ulong seed)
    {
        var cluster = new SimCluster(seed, snapshotEvery: 10);
        var believers = new SortedSet<string>(StringComparer.Ordinal);
        var terms = 0;
        List<SimMachine> contenders = [];
        foreach (var name in (string[])["a", "b"]) contenders.Add(cluster.Client(name, node => Contend(node, believers, () => terms++)));
        cluster.World.AfterEvent = _ =>
        {
            if (believers.Count > 1) cluster.World.Report(new SimFailure("one-leader", string.Join(" and ", believers) + " lead", null));
        };

        var random = new RandomStream(seed);
        for (var i = 0; i < 15; i++)
        {
            cluster.RunFor(1 + (4 * random.NextDouble()));
            Disturb(cluster, contenders, believers, random);
        }

        cluster.Heal();
        var before = terms;
        cluster.RunUntil(() => believers.Count == 1, 60);
        Assert.True(before >= 2, $"Only {before} terms were led.");
    }

    private static void Disturb(SimCluster cluster, List<SimMachine> contenders, SortedSet<string> believers, RandomStream random)
    {
        var contender = random.Pick(contenders);
        switch (random.Next(5))
        {
            case 0:
                contender.Crash();
                believers.Remove(contender.Name);
                contender.Restart();
                break;
            case 1:
                cluster.Server.LosePower();
                cluster.RunFor(0.5);
                cluster.Server.Restart();
                break;
            case 2:
                cluster.World.Network.Block(contender, cluster.Server);
                break;
            case 3:
                cluster.Partition(contender);
                break;
            default:
                cluster.Heal();
                break;
        }
    }

    private static async LoopTask Contend(Node node, SortedSet<string> believers, Action onTerm)
    {
        while (true)
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions with { StartTimeout = TimeSpan.FromHours(1) });
            client.Disconnected += () => believers.Remove(node.Name);
            client.Expired += () => believers.Remove(node.Name);
            await client.Start();
            while (client.State != CoordinationState.Expired)
            {
                try
                {
                    if (await TryLead(client) && client.State == CoordinationState.Connected && believers.Add(node.Name)) onTerm();
                }
                catch (CoordinationException e) when (e.Error is CoordinationError.ConnectionLoss or CoordinationError.SessionExpired)
                {
                    // asked again below, with the same session or a new one
                }

                await node.Clock.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>Creates the znode, or finds that an earlier attempt of unknown outcome had created it for this session.</summary>
    private static async LoopTask<bool> TryLead(CoordinationClient client)
    {
        try
        {
            await client.Create(Leader, [], CreateMode.Ephemeral);
            return true;
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NodeExists)
        {
            return await client.Exists(Leader) is { } stat && stat.EphemeralOwner == client.SessionId;
        }
    }
}
