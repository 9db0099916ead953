using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using Tests.Support;

namespace Tests.Reference.Coordination.Integration;

/// <summary>Apache ZooKeeper as Debian packages it: a standalone server of one's own, and its command line.</summary>
internal sealed class ZooKeeperPrograms : IDisposable
{
    public const string Cli = "/usr/share/zookeeper/bin/zkCli.sh";
    public const string Jar = "/usr/share/java/zookeeper.jar";
    public const string Java = "java";

    private readonly TempDirectory _directory = new("zookeeper-");
    private readonly RunningProgram _server;

    private ZooKeeperPrograms(int port)
    {
        Port = port;
        var configuration = _directory.File("zoo.cfg");
        File.WriteAllText(
            configuration, $"tickTime=500\ndataDir={_directory.Path}\nclientPort={port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n");
        _server = ExternalProgram.Start(Java, ["-Xmx256m", "-cp", Jar, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration]);
    }

    public int Port { get; }

    /// <summary>Starts a server on a free port and waits until it listens.</summary>
    public static async Task<ZooKeeperPrograms> Start()
    {
        var zookeeper = new ZooKeeperPrograms(FreePorts.One());
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await Listens(zookeeper.Port))
        {
            if (DateTime.UtcNow > deadline) throw new ExternalProgramException($"ZooKeeper does not listen: {zookeeper._server.StandardOutput}");
            await Task.Delay(100);
        }

        return zookeeper;
    }

    /// <summary>Runs commands in zkCli and gives what it printed.</summary>
    public static async Task<string> RunCli(int port, params string[] commands)
    {
        var result = await ExternalProgram.Run(Cli, ["-server", $"127.0.0.1:{port}"], string.Join('\n', commands) + "\nquit\n");
        return result.StandardOutput + result.StandardError;
    }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    private static async Task<bool> Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
