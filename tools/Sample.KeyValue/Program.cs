using System;
using System.IO;
using System.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Engine.Simulations;
using tools.Sample.KeyValue;

const string Command = "dotnet run --project tools/Sample.KeyValue -c Release --";
if (args is ["serve", .. var rest])
{
    var port = rest is [var text] && int.TryParse(text, out var number) ? number : 8080;
    var addresses = RealCluster.Addresses([.. Enumerable.Range(port, 6)]);
    var data = Path.Combine(Path.GetTempPath(), "sample-key-value");
    await using var world = RealCluster.Start(addresses, data, NullLoggerFactory.Instance);
    Console.WriteLine($"wrote and read back: {await RealCluster.WriteAndReadAsync(addresses, "greeting", "hello", NullLoggerFactory.Instance)}");
    Console.WriteLine($"three replicas serve PUT /KEY and GET /KEY on {string.Join(", ", addresses.Select(a => a.Http))}; data in {data}; Enter stops them");
    Console.ReadLine();
    return 0;
}

return SimulationConsole.Run(args, Console.Out, Command, [.. Enum.GetValues<PlantedBug>().Select(KeyValueSimulation.Scenario)]);
