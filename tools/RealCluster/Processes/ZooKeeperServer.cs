using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace tools.RealCluster.Processes;

/// <summary>A standalone Apache ZooKeeper of one's own.</summary>
public sealed class ZooKeeperServer : IDisposable
{
    private const int TickMillis = 500; // session timeouts from 1 s to 10 s
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private readonly ChildProcess _process;

    private ZooKeeperServer(ChildProcess process, string host, int port)
    {
        _process = process;
        Port = port;
        ConnectString = $"{host}:{port}";
    }

    /// <summary>HOST:PORT.</summary>
    public string ConnectString { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The process, to be frozen, killed and read.</summary>
    public ChildProcess Process => _process;

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="directory">Where its files stand; those of an earlier run are taken over.</param>
    /// <param name="host">Address to listen on.</param>
    /// <param name="port">Port to listen on.</param>
    /// <exception cref="CannotRunHereException">It is not installed, or does not start.</exception>
    public static async Task<ZooKeeperServer> Start(string directory, string host, int port)
    {
        Programs.Require("java", Programs.ZooKeeperJar);
        Directory.CreateDirectory(directory);
        var configuration = Path.Combine(directory, "zoo.cfg");
        await File.WriteAllTextAsync(configuration, $"tickTime={TickMillis}\ndataDir={directory}\nclientPort={port}\nclientPortAddress={host}\nadmin.enableServer=false\n4lw.commands.whitelist=dump\n");
        var process = new ChildProcess(["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", Programs.ZooKeeperJar, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration]);
        try
        {
            var deadline = DateTime.UtcNow + s_patience;
            while (!await Listens(host, port))
            {
                if (process.HasEnded || DateTime.UtcNow > deadline) throw new CannotRunHereException($"ZooKeeper does not listen on {host}:{port}: {process.Output}");
                await Task.Delay(s_look);
            }

            return new ZooKeeperServer(process, host, port);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static async Task<bool> Listens(string host, int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
