using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using tools.RealCluster.Networks;
using tools.RealCluster.Processes;

namespace tools.RealCluster.Cluster;

/// <summary>
/// One broker of the cluster: the program, and whoever starts it again. It may end by itself only while it starts (its last run's
/// session still holds its id, ZooKeeper does not answer), and is then started again; once it serves, any end of its own is a failure.
/// </summary>
/// <param name="network">Where it lives.</param>
/// <param name="id">Its broker id.</param>
/// <param name="port">Its port, the same over all its runs.</param>
/// <param name="arguments">The server's arguments, those of the address and the id apart.</param>
public sealed class BrokerProcess(ClusterNetwork network, int id, int port, IReadOnlyList<string> arguments) : IDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly List<ChildProcess> _runs = [];
    private bool _isWanted;

    /// <summary>Its broker id.</summary>
    public int Id => id;

    /// <summary>HOST:PORT.</summary>
    public string Endpoint => $"{network.HostOf(id)}:{port}";

    /// <summary>The present or last run.</summary>
    public ChildProcess Process => _runs[^1];

    /// <summary>Starts it; ends when it serves.</summary>
    /// <exception cref="NoProgressException">It did not come to that in 60 s.</exception>
    public async Task Start()
    {
        _isWanted = true;
        var deadline = DateTime.UtcNow + s_patience;
        while (DateTime.UtcNow < deadline)
        {
            var process = Launch();
            var line = process.FindLine(l => l.StartsWith(Listening, StringComparison.Ordinal));
            try
            {
                if (await line.WaitAsync(deadline - DateTime.UtcNow) is not null) return;
            }
            catch (TimeoutException)
            {
                break;
            }
        }

        throw new NoProgressException($"Broker {id} did not serve within {s_patience.TotalSeconds} s: {Process.Output}");
    }

    /// <summary>SIGKILL, and waits for its end.</summary>
    public async Task Kill()
    {
        _isWanted = false;
        Process.Kill();
        await Process.Ended;
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    /// <exception cref="NoProgressException">It did not end in 60 s, or not in order.</exception>
    public async Task Stop()
    {
        _isWanted = false;
        Process.Terminate();
        try
        {
            await Process.Ended.WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            throw new NoProgressException($"Broker {id} did not stop within {s_patience.TotalSeconds} s of SIGTERM: {Process.Output}");
        }

        if (Process.ExitCode != 0) throw new NoProgressException($"Broker {id} was asked to stop and ended with {Process.ExitCode}: {Process.Output}");
    }

    /// <summary>Why it has ended by itself while it served; null if it has not.</summary>
    public string? FindFailure() => _isWanted && Process.HasEnded ? $"Broker {id} ended by itself with {Process.ExitCode}: {Process.Output}" : null;

    /// <summary>What all its runs wrote.</summary>
    public IEnumerable<string> Outputs()
    {
        foreach (var run in _runs) yield return run.Output;
    }

    /// <inheritdoc/>
    public void Dispose() => _runs.ForEach(r => r.Dispose());

    private ChildProcess Launch()
    {
        string[] command = ["dotnet", Programs.FindServer(), "--node-id", $"{id}", "--set", $"listeners=PLAINTEXT://{Endpoint}", "--log-level", "Information", .. arguments];
        _runs.Add(new ChildProcess(network.CommandFor(id, command)));
        return Process;
    }
}
