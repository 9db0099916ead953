using System.Threading.Tasks;

namespace tools.RealCluster;

/// <summary>Real brokers on a real ZooKeeper under real faults.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => RealClusterCommand.Run(args);
}
