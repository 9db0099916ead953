using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Tests.Support;
using tools.RealCluster.Processes;

namespace Tests.Reference.Coordination.Integration;

/// <summary>Three Apache ZooKeepers that replicate to each other.</summary>
internal sealed class ZooKeeperEnsemble : IDisposable
{
    private const int Servers = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(5);
    private readonly TempDirectory _directory = new("zookeeper-ensemble-");
    private readonly IReadOnlyList<int> _ports = FreePorts.Several(3 * Servers);
    private readonly ChildProcess[] _processes = new ChildProcess[Servers];

    private ZooKeeperEnsemble()
    {
    }

    public string ConnectString => string.Join(',', Enumerable.Range(0, Servers).Select(AddressOf));

    /// <summary>Starts all three and waits until each has a role.</summary>
    public static async Task<ZooKeeperEnsemble> Start()
    {
        var ensemble = new ZooKeeperEnsemble();
        try
        {
            for (var i = 0; i < Servers; i++) ensemble.Launch(i);
            for (var i = 0; i < Servers; i++) await ensemble.Serves(i);
            return ensemble;
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>HOST:PORT of a server.</summary>
    public string AddressOf(int server) => $"127.0.0.1:{_ports[server]}";

    /// <summary>The one server that a session's connection goes to.</summary>
    public async Task<int> ServerOf(long session)
    {
        var name = $"sid=0x{session:x},";
        for (var end = DateTime.UtcNow + s_patience; DateTime.UtcNow < end;)
        {
            for (var i = 0; i < Servers; i++)
            {
                if ((await Ask(i, "cons")).Contains(name, StringComparison.Ordinal)) return i;
            }
        }

        throw new TimeoutException($"No server has a connection of session 0x{session:x}.");
    }

    /// <summary>SIGKILL.</summary>
    public async Task Kill(int server)
    {
        _processes[server].Kill();
        await _processes[server].Ended;
    }

    /// <summary>Starts a killed server again, with its data.</summary>
    public async Task Restart(int server)
    {
        Launch(server);
        await Serves(server);
    }

    /// <summary>At the address of a killed server one that knows nothing of the others and has no data: it is behind everybody.</summary>
    public async Task ReplaceByEmpty(int server)
    {
        Launch(server, isAlone: true);
        await Serves(server);
    }

    /// <summary>A four-letter word's answer; empty where nobody listens, or answers: a ZooKeeper that starts forgets some connections.</summary>
    public async Task<string> Ask(int server, string word)
    {
        using var patience = new CancellationTokenSource(s_answer);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _ports[server], patience.Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word), patience.Token);
            using var memory = new MemoryStream();
            await client.GetStream().CopyToAsync(memory, patience.Token);
            return Encoding.ASCII.GetString(memory.ToArray());
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return string.Empty;
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes) process?.Dispose();
        _directory.Dispose();
    }

    private void Launch(int server, bool isAlone = false)
    {
        var data = _directory.File(isAlone ? $"alone-{server}" : $"member-{server}");
        Directory.CreateDirectory(data);
        List<string> configuration =
        [
            "tickTime=500", "initLimit=60", "syncLimit=20", "maxSessionTimeout=60000", $"dataDir={data}", $"clientPort={_ports[server]}", "clientPortAddress=127.0.0.1",
            "admin.enableServer=false", "4lw.commands.whitelist=srvr,cons,dump", "standaloneEnabled=true",
        ];
        if (!isAlone)
        {
            File.WriteAllText(Path.Combine(data, "myid"), $"{server + 1}");
            configuration.AddRange(Enumerable.Range(0, Servers).Select(i => $"server.{i + 1}=127.0.0.1:{_ports[Servers + i]}:{_ports[(2 * Servers) + i]}"));
        }

        var file = Path.Combine(data, "zoo.cfg");
        File.WriteAllLines(file, configuration);
        _processes[server]?.Dispose();
        _processes[server] = new ChildProcess(
            ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", Programs.ZooKeeperJar, "org.apache.zookeeper.server.quorum.QuorumPeerMain", file]);
    }

    private async Task Serves(int server)
    {
        for (var end = DateTime.UtcNow + s_patience; !(await Ask(server, "srvr")).Contains("Mode: ", StringComparison.Ordinal); await Task.Yield())
        {
            if (_processes[server].HasEnded || DateTime.UtcNow > end) throw new TimeoutException($"ZooKeeper {server} does not serve: {_processes[server].Output}");
        }
    }
}
