using System.Threading.Tasks;

namespace tools.Server;

/// <summary>The broker over real sockets, and the coordination store for clusters on one machine.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => ServerCommands.Run(args);
}
