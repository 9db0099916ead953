using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Scenarios.History;
using Scenarios.Properties;
using Simulator.Engine.Properties;
using tools.RealCluster.Clients;
using tools.RealCluster.Cluster;
using tools.RealCluster.Faults;
using tools.RealCluster.Networks;
using tools.RealCluster.Processes;

namespace tools.RealCluster;

/// <summary>
/// One run: a cluster of processes on Apache ZooKeeper, clients of ours and kcat, a schedule of faults, a last reading of everything,
/// and the judgement of the simulator's own checkers over what the clients noted.
/// </summary>
public static class RealRun
{
    private const string Topic = "orders";

    /// <summary>The property under which a cluster that stands still is reported.</summary>
    public const string Progress = "progress";

    /// <summary>Runs to the end; all processes are gone then.</summary>
    /// <exception cref="CannotRunHereException">The machine lacks what the run needs.</exception>
    public static async Task<RealRunReport> Run(RealRunOptions options, CancellationToken cancellation = default)
    {
        await using ClusterNetwork network = options.Namespaces ? await NamespaceNetwork.Create(BrokerCluster.Size) : new LoopbackNetwork();
        using var cluster = await BrokerCluster.Start(network, options.Directory);
        var history = new RecordedHistory(cluster.FindFailure);
        var violations = new List<(string, string)>();
        try
        {
            await Drive(options, cluster, history, cancellation);
        }
        catch (NoProgressException e)
        {
            violations.Add((Progress, e.Message));
        }

        foreach (var property in violations.Count == 0 ? Properties(history.End()) : [])
        {
            if (property.FindViolation() is { } evidence) violations.Add((property.Name, evidence));
        }

        return new RealRunReport(options.Seed, history.End(), violations, [.. cluster.Brokers.SelectMany(b => b.Outputs())]);
    }

    /// <summary>All that a finished history is held against: the same as in the simulator.</summary>
    public static IReadOnlyList<Validation> Properties(ClientHistory history) =>
        [new ProgressWasMade(history), new OperationsEnd(history), .. ClientAnomalies.Of(history, oneRequestInFlight: true)];

    /// <summary>The steps of a seed on a network.</summary>
    private static IReadOnlyList<FaultStep> ScheduleOf(RealRunOptions options, ClusterNetwork network) =>
        options.Schedule ?? FaultSchedule.Draw(options.Seed, options.Steps, RealRunOptions.Partitions, network.CanCut, network.Slowness is not null, options.Acks != -1);

    private static async Task Drive(RealRunOptions options, BrokerCluster cluster, RecordedHistory history, CancellationToken cancellation)
    {
        await using var view = await ClusterView.Open(cluster.ZooKeeper, options.Directory, Topic, RealRunOptions.Partitions, cluster.FindFailure);
        var script = new FaultScript(cluster, view, history, options.Log);
        await cluster.CreateTopic(Topic, RealRunOptions.Partitions);
        await script.Healed(cancellation);
        if (options.Namespaces) options.Log($"slow links: {cluster.Network.Slowness ?? "not on this machine"}");

        using var stopSending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kcat = Programs.Exists(options.Kcat) ? new KcatClient(options.Kcat, cluster.Servers, options.Acks, Topic, RealRunOptions.Partitions, history) : null;
        if (kcat is null) options.Log($"{options.Kcat} is not installed: this run goes without it");
        var senders = Enumerable.Range(1, 2).Select(i => new SendingClient($"producer-{i}", cluster.Bootstrap, options.Acks, Topic, RealRunOptions.Partitions, history).Run(stopSending.Token)).ToList();
        if (kcat is not null) senders.Add(kcat.Run(stopSending.Token));
        var reader = new ReadingClient("consumer-1", cluster.Bootstrap, Topic, RealRunOptions.Partitions, history).Run(stopReading.Token);
        try
        {
            foreach (var step in ScheduleOf(options, cluster.Network)) await script.Carry(step, cancellation);
        }
        finally
        {
            await stopSending.CancelAsync();
            await Task.WhenAll(senders);
            await stopReading.CancelAsync();
            await reader;
        }

        options.Log($"{history.Acknowledged} records acknowledged; reading all of them");
        await new ReadingClient(ClientHistory.FinalReader, cluster.Bootstrap, Topic, RealRunOptions.Partitions, history).ReadAll();
        if (kcat is null) return;
        await kcat.ReadAll();
        options.Log($"kcat had {history.AcknowledgedOf(KcatClient.Name)} records acknowledged and read {history.ReadBy(KcatClient.Name)}");
    }
}
