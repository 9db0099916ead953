using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Platform;
using Simulator.Platform.Services;

namespace Simulator.Engine.Simulations;

/// <summary>
/// One run of a service under test, as it is put together for one seed: nodes, workloads, faults, properties, phases. Everything that
/// is to differ between seeds is drawn from <see cref="Random"/>. A <see cref="SimulationScenario"/> calls the method that fills it
/// once per seed.
/// </summary>
/// <remarks>
/// A run: the nodes and workloads start; after the warm-up the nemesis injects faults into the nodes; then everything heals, the
/// workloads are asked to stop, and all of them must end and all liveness checks hold within <see cref="Phases.RecoveryLimit"/>; then
/// the final readers run to their end; then the validations are checked. Invariants are checked after every event of every node.
/// </remarks>
public sealed class Simulation
{
    private readonly SortedDictionary<string, string> _configuration = new(StringComparer.Ordinal);
    private readonly List<(string Name, Func<long> Value)> _metrics = [];

    internal Simulation(SimWorld world) => World = world;

    /// <summary>The number from which the whole run follows.</summary>
    public ulong Seed => World.Seed;

    /// <summary>The simulated world: machines, network, trace. For what this class does not offer.</summary>
    public SimWorld World { get; }

    /// <summary>True time since the world began, which no node knows.</summary>
    public TimeSpan Now => TimeSpan.FromMicroseconds(World.NowMicros);

    /// <summary>How long the phases last.</summary>
    public Phases Phases { get; set; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));

    /// <summary>Pause between two faults.</summary>
    public Range<TimeSpan> FaultInterval { get; set; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(4));

    /// <summary>
    /// How many kinds of fault a run sees at least: each seed draws a subset of those added, since a run with few kinds goes deeper into
    /// each. Set it to <see cref="int.MaxValue"/> for all kinds in all runs.
    /// </summary>
    public int FaultKindsAtLeast { get; set; } = 3;

    /// <summary>The nodes that faults may hit.</summary>
    public IReadOnlyList<SimMachine> Nodes => NodePrograms.ConvertAll(p => p.Machine);

    internal List<NodeProgram> NodePrograms { get; } = [];

    internal List<NodeProgram> Workloads { get; } = [];

    internal List<NodeProgram> FinalReaders { get; } = [];

    internal List<(Fault Fault, int Weight)> Faults { get; } = [];

    internal List<Invariant> Invariants { get; } = [];

    internal List<Validation> LivenessChecks { get; } = [];

    internal List<Validation> Validations { get; } = [];

    internal IReadOnlyDictionary<string, string> Configuration => _configuration;

    internal IReadOnlyDictionary<string, long> Metrics
    {
        get
        {
            var metrics = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (name, value) in _metrics) metrics[name] = Read(name, value);
            return metrics;
        }
    }

    /// <summary>A stream of draws of its own for that purpose.</summary>
    public RandomStream Random(string purpose) => World.Random("simulation/" + purpose);

    /// <summary>Adds a node of the service; faults may hit it. After a crash its main method starts anew over the same disk.</summary>
    /// <param name="name">Its name and host name.</param>
    /// <param name="main">The service: called at each start of the node.</param>
    /// <param name="mayEndWith">
    /// Exceptions with which the service may end its process, as a real one would on a broken disk: the node is then started again after
    /// a second. Any other exception fails the run.
    /// </param>
    public SimMachine AddNode(string name, Func<NodeContext, Task> main, Func<Exception, bool>? mayEndWith = null) =>
        Add(NodePrograms, name, main, mayEndWith);

    /// <summary>Adds the nodes "prefix-1", "prefix-2", ….</summary>
    public IReadOnlyList<SimMachine> AddNodes(string prefix, int count, Func<NodeContext, Task> main, Func<Exception, bool>? mayEndWith = null) =>
        Enumerable.Range(1, count).Select(i => AddNode($"{prefix}-{i}", main, mayEndWith)).ToList();

    /// <summary>
    /// Adds a client on a machine of its own. Faults cut it off but do not kill it. Its <see cref="NodeContext.Stopping"/> is cancelled
    /// when the faults are over; it must then end what it does and return.
    /// </summary>
    public SimMachine AddWorkload(string name, Func<NodeContext, Task> main) => Add(Workloads, name, main, null);

    /// <summary>Adds a client that runs at the end, when all has healed and all workloads have ended; the run goes on until it returns.</summary>
    public SimMachine AddFinalReader(string name, Func<NodeContext, Task> main) => Add(FinalReaders, name, main, null);

    /// <summary>Adds a kind of fault.</summary>
    /// <param name="fault">The kind.</param>
    /// <param name="weight">How often it is drawn, relative to the others.</param>
    public void AddFault(Fault fault, int weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weight, 1);
        Faults.Add((fault, weight));
    }

    /// <summary>
    /// Adds the faults that every service must survive: crashes, freezes, partitions of four shapes, slow links, resets, slow and stalled
    /// disks, clocks that drift and jump. Not among them is what a service must say it can bear: power loss, broken disks.
    /// </summary>
    public void AddCommonFaults()
    {
        foreach (var (fault, weight) in new (Fault, int)[]
        {
            (new ProcessCrash(), 4), (new Freeze(), 2), (new FullPartition(), 3), (new OneWayPartition(), 2), (new BridgePartition(), 2), (new IsolatedNode(), 2), (new SlowLinks(), 2),
            (new ConnectionReset(), 2), (new SlowDisk(), 1), (new StalledDisk(), 1), (new ClockJump(), 1), (new ClockDrift(), 1),
        })
        {
            AddFault(fault, weight);
        }
    }

    /// <summary>Cancels <see cref="NodeContext.Stopping"/> of the service that runs on a machine; for <see cref="GracefulRestart"/>.</summary>
    public void RequestStop(SimMachine machine) => NodePrograms.Concat(Workloads).FirstOrDefault(p => p.Machine == machine)?.RequestStop();

    /// <summary>Adds a property of every state, checked after each event of each node.</summary>
    public void AddInvariant(Invariant invariant) => Invariants.Add(invariant);

    /// <summary>Adds a property of every state: gives null if it holds, else the offending state in words.</summary>
    public void AddInvariant(string name, Func<string?> findViolation) => AddInvariant(new LambdaInvariant(name, findViolation));

    /// <summary>Adds a property that must come to hold once the faults are over, and stay.</summary>
    public void AddLivenessCheck(Validation check) => LivenessChecks.Add(check);

    /// <summary>Adds a property that must come to hold once the faults are over, and stay.</summary>
    public void AddLivenessCheck(string name, Func<string?> findViolation) => AddLivenessCheck(new LambdaValidation(name, findViolation));

    /// <summary>Adds a property of the end.</summary>
    public void AddValidation(Validation validation) => Validations.Add(validation);

    /// <summary>Adds a property of the end: gives null if it holds, else the offending state in words.</summary>
    public void AddValidation(string name, Func<string?> findViolation) => AddValidation(new LambdaValidation(name, findViolation));

    /// <summary>Notes what the seed chose, for reports.</summary>
    public void Describe(string name, string value) => _configuration[name] = value;

    /// <summary>Adds a figure of the run, for reports.</summary>
    public void AddMetric(string name, Func<long> value) => _metrics.Add((name, value));

    private static long Read(string name, Func<long> value)
    {
        try
        {
            return value();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The metric {name} could not be read: {e.Message}", e);
        }
    }

    private SimMachine Add(List<NodeProgram> programs, string name, Func<NodeContext, Task> main, Func<Exception, bool>? mayEndWith)
    {
        var program = new NodeProgram(World.AddMachine(name), main, mayEndWith);
        programs.Add(program);
        return program.Machine;
    }
}
