using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using Simulator.Platform;
using tools.RealCluster.Processes;

namespace tools.Benchmarks.Server;

/// <summary>The server as a process of its own, with an embedded coordination store; disposing kills it.</summary>
internal sealed class MeasuredBroker : IDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>ApiVersions, version 0, correlation id 1, no client id, behind its length.</summary>
    private static readonly byte[] s_apiVersions = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];

    private readonly ChildProcess _process;

    private MeasuredBroker(ChildProcess process, Endpoint endpoint, TimeSpan untilFirstAnswer)
    {
        _process = process;
        Endpoint = endpoint;
        UntilFirstAnswer = untilFirstAnswer;
    }

    /// <summary>Where it listens.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>From the start of the process to its first answer to ApiVersions.</summary>
    public TimeSpan UntilFirstAnswer { get; }

    /// <summary>The id of its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Memory of the process that is in RAM, in bytes (VmRSS).</summary>
    public long ResidentBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{ProcessId}/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>Starts it on a directory and waits for its first answer.</summary>
    /// <param name="directory">Its data; those of an earlier run are taken over.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="isDiagnosable">Whether the runtime's diagnostic port is open, whose file a kill would leave behind.</param>
    /// <param name="settings">name=value of the configuration.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not serve in five minutes.</exception>
    public static async Task<MeasuredBroker> Start(string directory, CancellationToken cancellation, bool isDiagnosable = false, params string[] settings)
    {
        var started = Stopwatch.GetTimestamp();
        var process = new ChildProcess([.. Command(isDiagnosable), "--port", "0", "--node-id", "1", "--data", directory, .. settings.SelectMany(static s => new[] { "--set", s })]);
        try
        {
            var line = await process.FindLine(static l => l.StartsWith(Listening, StringComparison.Ordinal)).WaitAsync(s_patience, cancellation)
                ?? throw new InvalidOperationException($"The server ended instead of serving: {process.Output}");
            var endpoint = ClientConfig.ParseEndpoint(line[Listening.Length..]) ?? throw new InvalidOperationException($"The server listens on '{line}', which is no endpoint.");
            await AskApiVersions(endpoint, cancellation);
            return new MeasuredBroker(process, endpoint, Stopwatch.GetElapsedTime(started));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>How long the program needs to start, print its help and end: a process of .NET that serves nobody.</summary>
    public static async Task<TimeSpan> TimeHelp()
    {
        var started = Stopwatch.GetTimestamp();
        using var process = new ChildProcess([.. Command(isDiagnosable: false), "--help"]);
        await process.Ended;
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task Kill()
    {
        _process.Kill();
        return _process.Ended;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="InvalidOperationException">It did not end in order.</exception>
    public async Task Stop()
    {
        _process.Terminate();
        await _process.Ended.WaitAsync(s_patience);
        if (_process.ExitCode != 0) throw new InvalidOperationException($"The server was asked to stop and ended with {_process.ExitCode}: {_process.Output}");
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static IEnumerable<string> Command(bool isDiagnosable) => ["env", $"DOTNET_EnableDiagnostics={(isDiagnosable ? 1 : 0)}", "dotnet", Programs.FindServer()];

    private static async Task AskApiVersions(Endpoint endpoint, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellation);
        await client.GetStream().WriteAsync(s_apiVersions, cancellation);
        var head = new byte[10]; // length, correlation id, error code
        await client.GetStream().ReadExactlyAsync(head, cancellation);
        if (head[7] != 1 || head[8] != 0 || head[9] != 0) throw new InvalidOperationException("The server's answer to ApiVersions is none.");
    }
}
