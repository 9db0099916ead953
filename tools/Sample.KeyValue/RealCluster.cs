using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Simulator.Host;
using Simulator.Platform;

namespace tools.Sample.KeyValue;

/// <summary>The same replicas over real sockets and files: three of them in this process, each with a loop thread of its own.</summary>
public static class RealCluster
{
    /// <summary>The addresses of replicas on this machine.</summary>
    /// <param name="ports">First the ports for clients, then as many for replication.</param>
    public static IReadOnlyList<ReplicaAddress> Addresses(IReadOnlyList<int> ports)
    {
        var replicas = ports.Count / 2;
        return Enumerable.Range(0, replicas).Select(i => new ReplicaAddress(new Endpoint("127.0.0.1", ports[replicas + i]), new Endpoint("127.0.0.1", ports[i]))).ToList();
    }

    /// <summary>Starts the replicas; they serve until the world is disposed of.</summary>
    public static HostWorld Start(IReadOnlyList<ReplicaAddress> addresses, string dataDirectory, ILoggerFactory logs)
    {
        var world = new HostWorld(dataDirectory, logs);
        foreach (var (index, self) in addresses.Index())
        {
            var options = new ReplicaOptions(self, addresses.Where(a => a != self).ToList());
            _ = world.AddNode($"replica-{index + 1}").RunAsync(node => node.RunService(context => new Replica(context, options).RunAsync()));
        }

        return world;
    }

    /// <summary>Writes and reads through a cluster; gives what it read.</summary>
    public static async Task<string?> WriteAndReadAsync(IReadOnlyList<ReplicaAddress> addresses, string key, string value, ILoggerFactory logs)
    {
        await using var client = new HostNode("client", Path.GetTempPath(), logs);
        string? read = null;
        await client.RunAsync(node => node.RunService(async context =>
        {
            var store = new KeyValueClient(context, addresses);
            while (await store.PutAsync(key, value) != WriteOutcome.Done) await Task.Delay(TimeSpan.FromMilliseconds(100), context.Time);
            read = (await store.GetAsync(key)).Value;
        }));
        return read;
    }
}
