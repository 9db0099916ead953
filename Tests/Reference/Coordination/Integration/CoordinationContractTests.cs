using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Coordination;
using Simulator.Host;
using Tests.Reference.Rpc;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Coordination.Integration;

/// <summary>One contract, three arms: the embedded server in the simulator and over sockets, and Apache ZooKeeper.</summary>
public class CoordinationContractTests
{
    public static TheoryData<string> Cases => [.. CoordinationCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Embedded_in_the_simulator(string name) => new TwoMachines().Run(
        node => new CoordinationServer(node, new CoordinationServerOptions(TwoMachines.Address, "store") { SnapshotEvery = 20 }).Start(),
        node => CoordinationCase.All[name](new CoordinationCase(node, TwoMachines.Address.ToString(), name)));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Embedded_over_sockets(string name)
    {
        await using var server = await EmbeddedServer.Start();
        await server.Run(node => CoordinationCase.All[name](new CoordinationCase(node, $"127.0.0.1:{server.Port}", name)));
    }

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Jar)]
    public async Task Apache_ZooKeeper()
    {
        using var zookeeper = await ZooKeeperPrograms.Start();
        using var directory = new TempDirectory("coordination-");
        await using var world = new HostWorld(directory.Path, NullLoggerFactory.Instance);
        var failures = new List<string>();
        foreach (var (name, run) in CoordinationCase.All)
        {
            var node = world.AddNode(name);
            try
            {
                await EmbeddedServer.RunOn(node, n => run(new CoordinationCase(n, $"127.0.0.1:{zookeeper.Port}", name)));
            }
            catch (Exception e)
            {
                failures.Add($"{name}: {e}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
