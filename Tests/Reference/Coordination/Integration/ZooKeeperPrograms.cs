using System;
using System.Threading.Tasks;
using Tests.Support;
using tools.RealCluster.Processes;

namespace Tests.Reference.Coordination.Integration;

/// <summary>Apache ZooKeeper as Debian packages it: a standalone server of one's own, and its command line.</summary>
internal sealed class ZooKeeperPrograms : IDisposable
{
    public const string Cli = "/usr/share/zookeeper/bin/zkCli.sh";
    public const string Jar = Programs.ZooKeeperJar;
    public const string Java = "java";
    private const string Host = "127.0.0.1";

    private readonly TempDirectory _directory;
    private readonly ZooKeeperServer _server;

    private ZooKeeperPrograms(TempDirectory directory, ZooKeeperServer server)
    {
        _directory = directory;
        _server = server;
    }

    public int Port => _server.Port;

    public ChildProcess Process => _server.Process;

    /// <summary>Starts a server on a free port, or on this one, and waits until it listens.</summary>
    public static async Task<ZooKeeperPrograms> Start(int? port = null)
    {
        var directory = new TempDirectory("zookeeper-");
        try
        {
            return new ZooKeeperPrograms(directory, await ZooKeeperServer.Start(directory.Path, Host, port ?? FreePorts.One()));
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Runs commands in zkCli and gives what it printed.</summary>
    public static async Task<string> RunCli(int port, params string[] commands)
    {
        var result = await ExternalProgram.Run(Cli, ["-server", $"{Host}:{port}"], string.Join('\n', commands) + "\nquit\n");
        return result.StandardOutput + result.StandardError;
    }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }
}
