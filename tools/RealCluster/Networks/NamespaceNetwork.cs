using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using tools.RealCluster.Processes;

namespace tools.RealCluster.Networks;

/// <summary>
/// A network namespace per broker, joined by a bridge; clients and ZooKeeper sit at the bridge. A link is cut by setting the bridge's
/// end of it down, and slowed down by netem, or where the kernel has none by a narrow token bucket. Two brokers are cut from each other
/// by telling each a hardware address for the other that nobody has: what they send is lost, and nobody is told. Needs the rights of root.
/// </summary>
public sealed class NamespaceNetwork : ClusterNetwork
{
    private const string Delay = "netem: 30 ms ± 10 ms";
    private const string Narrow = "tbf: 1 Mbit/s";
    private const string Nobody = "02:00:00:00:00:01"; // locally administered, and of no device here
    private readonly string _id;
    private readonly string _subnet;
    private readonly int _brokers;
    private string? _slowness;

    private NamespaceNetwork(int brokers)
    {
        _brokers = brokers;
        _id = $"{Environment.ProcessId % 100_000}";
        _subnet = $"10.214.{Environment.ProcessId % 250}";
    }

    /// <inheritdoc/>
    public override string Host => $"{_subnet}.1";

    /// <inheritdoc/>
    public override bool CanCut => true;

    /// <inheritdoc/>
    public override string? Slowness => _slowness;

    private string Bridge => $"simb{_id}";

    /// <summary>Makes the network.</summary>
    /// <exception cref="CannotRunHereException">The machine does not allow it.</exception>
    public static async Task<NamespaceNetwork> Create(int brokers)
    {
        Programs.Require("ip", "tc");
        var network = new NamespaceNetwork(brokers);
        try
        {
            await network.Build();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string HostOf(int broker) => $"{_subnet}.{10 + broker}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> CommandFor(int broker, IReadOnlyList<string> command) => ["ip", "netns", "exec", Namespace(broker), .. command];

    /// <inheritdoc/>
    public override Task Cut(int broker) => Do("ip", "link", "set", Link(broker), "down");

    /// <inheritdoc/>
    public override Task Mend(int broker) => Do("ip", "link", "set", Link(broker), "up");

    /// <inheritdoc/>
    public override async Task CutBetween(int one, int other)
    {
        await Do("ip", "-n", Namespace(one), "neigh", "replace", HostOf(other), "lladdr", Nobody, "dev", "eth0", "nud", "permanent");
        await Do("ip", "-n", Namespace(other), "neigh", "replace", HostOf(one), "lladdr", Nobody, "dev", "eth0", "nud", "permanent");
    }

    /// <inheritdoc/>
    public override async Task MendBetween(int one, int other)
    {
        await Do("ip", "-n", Namespace(one), "neigh", "del", HostOf(other), "dev", "eth0");
        await Do("ip", "-n", Namespace(other), "neigh", "del", HostOf(one), "dev", "eth0");
    }

    /// <inheritdoc/>
    public override Task Slow(int broker) => Do([.. SlownessOf(Link(broker), _slowness!)]);

    /// <inheritdoc/>
    public override Task Hasten(int broker) => Do("tc", "qdisc", "del", "dev", Link(broker), "root");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // Whatever of it was made; its end of a link goes with the namespace.
        for (var broker = 1; broker <= _brokers; broker++) await Programs.Run(["ip", "netns", "del", Namespace(broker)]);
        await Programs.Run(["ip", "link", "del", Bridge]);
        await base.DisposeAsync();
    }

    private static IReadOnlyList<string> SlownessOf(string device, string kind) => kind == Delay
        ? ["tc", "qdisc", "add", "dev", device, "root", "netem", "delay", "30ms", "10ms"]
        : ["tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", "1mbit", "burst", "4kb", "latency", "400ms"];

    private static async Task Do(params string[] command)
    {
        var (succeeded, output) = await Programs.Run(command);
        if (!succeeded) throw new CannotRunHereException($"'{string.Join(' ', command)}' failed: {output.Trim()}.");
    }

    private async Task Build()
    {
        await Do("ip", "link", "add", Bridge, "type", "bridge");
        await Do("ip", "addr", "add", $"{Host}/24", "dev", Bridge);
        await Do("ip", "link", "set", Bridge, "up");
        foreach (var broker in Enumerable.Range(1, _brokers))
        {
            await Do("ip", "netns", "add", Namespace(broker));
            await Do("ip", "link", "add", Link(broker), "type", "veth", "peer", "name", "eth0", "netns", Namespace(broker));
            await Do("ip", "link", "set", Link(broker), "master", Bridge);
            await Do("ip", "-n", Namespace(broker), "addr", "add", $"{HostOf(broker)}/24", "dev", "eth0");
            await Do("ip", "-n", Namespace(broker), "link", "set", "eth0", "up");
            await Do("ip", "-n", Namespace(broker), "link", "set", "lo", "up");
            await Mend(broker);
        }

        foreach (var kind in (string[])[Delay, Narrow])
        {
            if (_slowness is not null || !(await Programs.Run(SlownessOf(Link(1), kind))).Succeeded) continue;
            _slowness = kind;
            await Hasten(1);
        }
    }

    private string Namespace(int broker) => $"sim{_id}-{broker}";

    private string Link(int broker) => $"simv{_id}-{broker}";
}
