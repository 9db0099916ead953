using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Histories;
using Simulator.Engine.Simulations;
using Simulator.Platform;
using Simulator.Platform.Services;

namespace tools.Sample.KeyValue;

/// <summary>The test of the store: three replicas and three clients under faults; what the clients saw must be linearizable.</summary>
public static class KeyValueSimulation
{
    private static readonly IReadOnlyList<string> s_keys = ["x", "y"];

    /// <summary>The store as it should be. This and the following properties are what <c>sim</c> finds by <c>SIM_SCENARIOS</c>.</summary>
    public static Scenario Correct => Scenario(PlantedBug.None);

    /// <summary>The store that acknowledges too early.</summary>
    public static Scenario EarlyAcknowledgement => Scenario(PlantedBug.EarlyAcknowledgement);

    /// <summary>The store that answers reads without asking.</summary>
    public static Scenario StaleRead => Scenario(PlantedBug.StaleRead);

    /// <summary>The store that depends on hash codes.</summary>
    public static Scenario HashedPatience => Scenario(PlantedBug.HashedPatience);

    /// <summary>The scenario for the store with a planted bug, or without one.</summary>
    public static Scenario Scenario(PlantedBug bug) => new SimulationScenario(
        bug == PlantedBug.None ? "key-value" : $"key-value-{bug}",
        "a replicated key-value store under crashes, power loss, partitions and bad clocks",
        simulation => Define(simulation, bug));

    /// <summary>Puts one run together.</summary>
    public static void Define(Simulation simulation, PlantedBug bug)
    {
        var addresses = Enumerable.Range(1, 3).Select(i => new ReplicaAddress(new Endpoint($"replica-{i}", 7000), new Endpoint($"replica-{i}", 8080))).ToList();
        var running = new SortedDictionary<string, Replica>(StringComparer.Ordinal);
        foreach (var self in addresses)
        {
            var options = new ReplicaOptions(self, addresses.Where(a => a != self).ToList()) { Bug = bug };
            simulation.AddNode(self.Http.Host, node =>
            {
                running[node.Name] = new Replica(node, options);
                return running[node.Name].RunAsync();
            });
        }

        var history = new RegisterHistory(simulation.World);
        var pause = TimeSpan.FromMilliseconds(simulation.Random("pause").Next(20, 200));
        for (var i = 1; i <= 3; i++) simulation.AddWorkload($"client-{i}", node => WorkAsync(node, new KeyValueClient(node, addresses), history, pause));
        simulation.AddFinalReader("reader", node => ReadAllAsync(node, new KeyValueClient(node, addresses), history));

        simulation.AddCommonFaults();
        simulation.AddFault(new PowerLoss(), 3);
        simulation.AddInvariant("one-primary-per-epoch", () => TwoPrimaries(simulation, running));
        simulation.AddValidation(new LinearizableRegisters(history));
        simulation.AddValidation("progress", () => Acknowledged(history) > 0 ? null : "No write was acknowledged in the whole run.");
        simulation.Describe("pause", $"{pause.TotalMilliseconds} ms");
        simulation.AddMetric("acknowledged", () => Acknowledged(history));
        simulation.AddMetric("epoch", () => running.Values.Select(r => r.Committed.Epoch).DefaultIfEmpty().Max());
    }

    private static async Task WorkAsync(NodeContext node, KeyValueClient client, RegisterHistory history, TimeSpan pause)
    {
        var random = node.Random("workload");
        var acknowledged = false; // the faults are over by and by: who has achieved nothing until then must achieve it now
        for (var number = 1; !node.Stopping.IsCancellationRequested || !acknowledged; number++)
        {
            var key = random.Pick(s_keys);
            if (random.Chance(0.5)) acknowledged |= await PutAsync(client, history, node.Name, key, $"{node.Name}-{number}");
            else await GetAsync(client, history, node.Name, key);
            await Task.Delay(random.NextSpan(TimeSpan.Zero, pause), node.Time);
        }
    }

    // The faults are over: within a while each key can be read again, or the run does not end in time.
    private static async Task ReadAllAsync(NodeContext node, KeyValueClient client, RegisterHistory history)
    {
        foreach (var key in s_keys)
        {
            while (!await GetAsync(client, history, node.Name, key)) await Task.Delay(TimeSpan.FromMilliseconds(100), node.Time);
        }
    }

    private static async Task<bool> PutAsync(KeyValueClient client, RegisterHistory history, string name, string key, string value)
    {
        var put = history.BeginPut(name, key, value);
        var outcome = await client.PutAsync(key, value);
        if (outcome == WriteOutcome.Done) put.Acknowledge();
        else if (outcome == WriteOutcome.Refused) put.Refuse();
        return outcome == WriteOutcome.Done;
    }

    private static async Task<bool> GetAsync(KeyValueClient client, RegisterHistory history, string name, string key)
    {
        var get = history.BeginGet(name, key);
        var (answered, value) = await client.GetAsync(key);
        if (answered) get.Answer(value);
        return answered;
    }

    private static long Acknowledged(RegisterHistory history) => history.Operations.Count(o => o is { IsWrite: true, Outcome: OperationOutcome.Done });

    private static string? TwoPrimaries(Simulation simulation, SortedDictionary<string, Replica> running)
    {
        var primaries = simulation.Nodes.Where(n => n.IsUp && running.TryGetValue(n.Name, out var replica) && replica.LeadingEpoch > 0).ToList();
        var twice = primaries.GroupBy(n => running[n.Name].LeadingEpoch).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? null : $"{string.Join(" and ", twice.Select(n => n.Name))} are both primaries of epoch {twice.Key}.";
    }
}
