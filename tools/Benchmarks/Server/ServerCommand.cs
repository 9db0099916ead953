using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using tools.RealCluster;

namespace tools.Benchmarks.Server;

/// <summary>The command line <c>server</c>: figures of the real server as a process, over real sockets and files.</summary>
internal static class ServerCommand
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int CannotRunHere = 4;

    private const string Description = """
        Measures tools/Server as a process: start, produce throughput and latency, recovery after SIGKILL, memory of idle
        partitions; each time beside what the machine needs for the same without a server. Takes some three minutes.

        Exit codes: 0 measured, 1 some figure could not be taken, 2 wrong usage, 4 the server is not built. Linux only.
        """;

    private static readonly Option<int> s_produce = Number("--produce-mb", "MB of values per throughput.", 300);
    private static readonly Option<int> s_rate = Number("--rate", "Records per second for the latency.", 500);
    private static readonly Option<int> s_seconds = Number("--seconds", "For how long.", 20);
    private static readonly Option<int> s_recovery = Number("--recovery-mib", "MiB of the log that is recovered, below 2000.", 1024);
    private static readonly Option<int> s_partitions = Number("--partitions", "Number of idle partitions.", 3000);
    private static readonly Option<string> s_directory = new("--directory") { Description = "Where a folder for the data is made, and deleted in the end.", DefaultValueFactory = static _ => Path.GetTempPath() };
    private static readonly Option<string?> s_json = new("--json") { Description = "A file for the figures as JSON." };

    /// <summary>Runs it to its end and gives the exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand(Description) { s_produce, s_rate, s_seconds, s_recovery, s_partitions, s_directory, s_json };
        s_recovery.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() >= 2000) result.AddError("--recovery-mib must be below 2000: a segment has no more");
        });
        root.SetAction(Measure);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        Console.Error.WriteLine($"server: {parsed.Errors[0].Message.TrimEnd('.')}; see --help.");
        return WrongUsage;
    }

    private static async Task<int> Measure(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new ServerBenchmarkOptions
        {
            ProduceMegabytes = parsed.GetValue(s_produce),
            Rate = parsed.GetValue(s_rate),
            Seconds = parsed.GetValue(s_seconds),
            RecoveryMebibytes = parsed.GetValue(s_recovery),
            Partitions = parsed.GetValue(s_partitions),
            Directory = parsed.GetValue(s_directory)!,
        };
        var folder = Path.Combine(options.Directory, $"server-benchmark-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            var figures = new List<Figure>();
            var isWhole = await Take(new ServerFigures(options, folder, cancellation), figures);
            ServerReport.Print(figures);
            if (parsed.GetValue(s_json) is { } file) ServerReport.Write(file, options, figures);
            return isWhole ? 0 : Failed;
        }
        catch (CannotRunHereException e)
        {
            Console.Error.WriteLine($"server: {e.Message}");
            return CannotRunHere;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Takes all figures; false if one of the parts failed, which does not cost the others.</summary>
    private static async Task<bool> Take(ServerFigures server, List<Figure> figures)
    {
        (string What, Func<Task<IReadOnlyList<Figure>>> Take)[] parts =
        [
            ("start", server.Start),
            ("throughput, 100-byte records", () => server.Produce(100)),
            ("throughput, 1-KiB records", () => server.Produce(1024)),
            ("latency", server.Latency),
            ("recovery", server.Recovery),
            ("idle partitions", server.IdlePartitions),
        ];
        var isWhole = true;
        foreach (var part in parts)
        {
            Console.Error.WriteLine($"measuring {part.What} …");
            try
            {
                figures.AddRange(await part.Take());
            }
            catch (Exception e) when (e is KafkaException or InvalidOperationException or IOException or TimeoutException)
            {
                isWhole = false;
                Console.Error.WriteLine($"server: {part.What} could not be measured: {e.Message}");
            }
        }

        return isWhole;
    }

    private static Option<int> Number(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name} must be at least 1");
        });
        return option;
    }
}
