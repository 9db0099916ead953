using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Scenarios.History;
using Tests.Reference.Coordination.Integration;
using Tests.Support;
using tools.RealCluster;
using tools.RealCluster.Clients;
using tools.RealCluster.Faults;
using Xunit;
using Xunit.Abstractions;

namespace Tests.tools.RealCluster;

/// <summary>Three brokers as processes on Apache ZooKeeper under a seeded schedule of real faults, judged by the simulator's checkers.</summary>
public sealed class RealClusterTests(ITestOutputHelper output)
{
    private readonly ConcurrentQueue<string> _said = [];

    [RequiresProgramFact("kcat", ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task Killed_frozen_and_restarted_brokers_lose_nothing_that_all_had_acknowledged()
    {
        // The first seed whose few steps have a bit of everything.
        HashSet<FaultKind> wanted = [FaultKind.Kill, FaultKind.Freeze, FaultKind.Restart, FaultKind.KillBesideFrozen];
        var seed = Enumerable.Range(1, 10_000).First(s => wanted.SetEquals(FaultSchedule.Draw(s, wanted.Count, RealRunOptions.Partitions).Select(step => step.Kind)));
        var report = await Run(new RealRunOptions { Seed = seed, Steps = wanted.Count, Directory = string.Empty });
        Assert.Empty(report.Violations);
        KcatTookPart(report.History);
        SeesWhatIsMissing(report.History);
    }

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task A_leader_that_acknowledges_alone_and_dies_loses_records_and_the_checkers_say_so()
    {
        var schedule = new[] { new FaultStep(20, FaultKind.KillAhead, FaultTarget.Leader, 0) };
        var report = await Run(new RealRunOptions { Acks = 1, Schedule = schedule, Kcat = "kcat-of-nowhere", Directory = string.Empty });
        Assert.Contains(report.Violations, v => v.Property == "unseen");
        Assert.Single(_said, "kcat-of-nowhere is not installed: this run goes without it");
    }

    [RequiresProgramFact("kcat", "ip", "tc", ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task Cut_and_slow_links_and_killed_frozen_and_restarted_brokers_in_namespaces_lose_nothing_that_all_had_acknowledged()
    {
        FaultStep[] schedule =
        [
            new(20, FaultKind.Kill, FaultTarget.Leader, 0), new(20, FaultKind.CutBetween, FaultTarget.Leader, 1), new(20, FaultKind.Freeze, FaultTarget.Leader, 2),
            new(20, FaultKind.Cut, FaultTarget.Leader, 0), new(20, FaultKind.Restart, FaultTarget.Leader, 1), new(20, FaultKind.Slow, FaultTarget.Leader, 2),
        ];
        try
        {
            var report = await Run(new RealRunOptions { Namespaces = true, Schedule = schedule, Directory = string.Empty });
            Assert.Empty(report.Violations);
            KcatTookPart(report.History);
            Assert.Single(_said, line => line.Contains(" leads on without broker ", StringComparison.Ordinal)); // it kept its session: others were never asked
        }
        catch (global::tools.RealCluster.CannotRunHereException e)
        {
            throw new Support.CannotRunHereException(e.Message);
        }
    }

    private static void KcatTookPart(ClientHistory history)
    {
        Assert.InRange(history.Sends.Count(s => s is { Producer: KcatClient.Name, Outcome: SendOutcome.Acknowledged }), 100, int.MaxValue);
        Assert.InRange(history.Reads.Count(r => r.Consumer == KcatClient.Name), history.Acknowledged, int.MaxValue);
    }

    /// <summary>The history of a run that held, with one acknowledged record taken from what was read of it, holds no more.</summary>
    private static void SeesWhatIsMissing(ClientHistory held)
    {
        var missing = held.Sends.First(s => s is { Outcome: SendOutcome.Acknowledged, Offset: > 10 });
        var changed = new ClientHistory();
        foreach (var send in held.Sends) changed.EndSend(changed.BeginSend(send.Producer, send.Burst, send.Partition, send.Value, send.AllReplicas), send.Outcome, send.Offset);
        foreach (var read in held.Reads.Where(r => r.Value != missing.Value)) changed.AddRead(read);
        var violated = RealRun.Properties(changed).Where(p => p.FindViolation() is not null).Select(p => p.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "unseen", "lost-write" }, violated);
        Assert.True(violated.Overlaps(["poll-skip", "int-poll-skip"]));
    }

    private void Hear(string line)
    {
        _said.Enqueue(line);
        output.WriteLine(line);
    }

    private async Task<RealRunReport> Run(RealRunOptions options)
    {
        using var data = new TempDirectory("real-cluster-");
        output.WriteLine($"seed {options.Seed}");
        var report = await RealRun.Run(options with { Directory = data.Path, Log = Hear });
        output.WriteLine($"{report.History.Sends.Count} sends, {report.History.Acknowledged} acknowledged, {report.History.Reads.Count} reads");
        foreach (var (property, evidence) in report.Violations) output.WriteLine($"{property}: {evidence}");
        if (report.Violations.Count > 0) output.WriteLine(string.Join("\n\n", report.BrokerOutputs));
        return report;
    }
}
