using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace tools.RealCluster;

/// <summary>The command line <c>real-cluster</c>.</summary>
internal static class RealClusterCommand
{
    private const string Description = """
        Three brokers as processes on a real Apache ZooKeeper, driven by our own clients and kcat, while a seeded schedule kills,
        freezes and restarts them. What the clients did and saw is judged by the simulator's own checkers.

        Examples:
          real-cluster                              seed 1, six faults
          real-cluster --seeds 1..20 --steps 10     twenty runs
          real-cluster --minutes 60 --seeds 100..   seeds from 100 on, for an hour
          real-cluster --network namespaces         with links that are cut and slow; needs root
          real-cluster --acks 1                     what leaders acknowledge alone may be lost: shows that the checkers see it

        Of a failing run the folder of its data is kept, with the history and the brokers' logs.
        Exit codes: 0 all held, 1 a property failed, 2 wrong usage or input, 4 this machine lacks what the run needs.
        """;

    private static readonly Option<string> s_seeds = new("--seeds") { Description = "A seed, a range 'from..to', or 'from..' together with --minutes.", DefaultValueFactory = _ => "1" };
    private static readonly Option<int> s_steps = new("--steps") { Description = "Faults per run.", DefaultValueFactory = _ => 6 };
    private static readonly Option<double?> s_minutes = new("--minutes") { Description = "Begins no further run after so many minutes." };
    private static readonly Option<int> s_acks = new("--acks") { Description = "-1 for all, or 1.", DefaultValueFactory = _ => -1 };
    private static readonly Option<string> s_network = new("--network") { Description = "'loopback', or 'namespaces' for links that can be cut.", DefaultValueFactory = _ => "loopback" };
    private static readonly Option<string?> s_out = new("--out") { Description = "Where the folders of the runs stand, which are kept then; without it only those of failing runs are." };

    /// <summary>Runs the command line to its end and gives the exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        s_acks.AcceptOnlyFromAmong("-1", "1");
        s_network.AcceptOnlyFromAmong("loopback", "namespaces");
        var root = new RootCommand(Description) { s_seeds, s_steps, s_minutes, s_acks, s_network, s_out };
        root.SetAction(Runs);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return Complain($"{parsed.Errors[0].Message.TrimEnd('.')}; see --help.", ExitCodes.WrongUsage);
    }

    private static async Task<int> Runs(ParseResult parsed, CancellationToken cancellation)
    {
        if (!TryParseSeeds(parsed.GetValue(s_seeds)!, parsed.GetValue(s_minutes) is not null, out var first, out var last))
            return Complain($"'{parsed.GetValue(s_seeds)}' is not possible for --seeds: give a seed, 'from..to', or 'from..' with --minutes.", ExitCodes.WrongUsage);
        if (parsed.GetValue(s_steps) < 0) return Complain($"--steps cannot be {parsed.GetValue(s_steps)}: it is at least 0.", ExitCodes.WrongUsage);
        var end = parsed.GetValue(s_minutes) is { } minutes ? DateTime.UtcNow.AddMinutes(minutes) : DateTime.MaxValue;
        var (ran, failed) = (0, 0);
        try
        {
            for (var seed = first; seed <= last && DateTime.UtcNow < end && !cancellation.IsCancellationRequested; seed++, ran++)
            {
                if (!await RunSeed(parsed, seed, cancellation)) failed++;
            }
        }
        catch (CannotRunHereException e)
        {
            return Complain(e.Message, ExitCodes.CannotRunHere);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What has ended by now is the result.
        }

        Console.WriteLine($"{ran} runs, {failed} failed");
        return failed == 0 ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
    }

    /// <summary>True if all held; then its folder is deleted, unless the user named it.</summary>
    private static async Task<bool> RunSeed(ParseResult parsed, int seed, CancellationToken cancellation)
    {
        var folder = parsed.GetValue(s_out) is { } given
            ? Directory.CreateDirectory(Path.Combine(given, $"seed-{seed}")).FullName
            : Directory.CreateTempSubdirectory($"real-cluster-{seed}-").FullName;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Console.WriteLine($"seed {seed}");
        var report = await RealRun.Run(
            new RealRunOptions
            {
                Seed = seed,
                Steps = parsed.GetValue(s_steps),
                Acks = (short)parsed.GetValue(s_acks),
                Namespaces = parsed.GetValue(s_network) == "namespaces",
                Directory = folder,
                Log = line => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {watch.Elapsed.TotalSeconds,6:0.0} s  {line}")),
            },
            cancellation);
        Console.WriteLine($"  {report.History.Sends.Count} sends, {report.History.Acknowledged} acknowledged, {report.History.Reads.Count} reads");
        foreach (var (property, evidence) in report.Violations) Console.WriteLine($"  FAILED {property}: {evidence}");
        if (report.Violations.Count > 0 || parsed.GetValue(s_out) is not null) await Keep(report, folder);
        if (report.Violations.Count > 0)
        {
            Console.WriteLine($"  kept in {folder}; again: real-cluster --seeds {seed} --steps {parsed.GetValue(s_steps)} --acks {parsed.GetValue(s_acks)} --network {parsed.GetValue(s_network)}");
            return false;
        }

        if (parsed.GetValue(s_out) is null) Directory.Delete(folder, recursive: true);
        return true;
    }

    private static async Task Keep(RealRunReport report, string folder)
    {
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "history.txt"),
            report.History.Sends.Select(s => $"{s.Producer} sent {s.Value} to {s.Partition}: {s.Outcome} {s.Offset}").Concat(report.History.Reads.Select(r => $"{r.Consumer} poll {r.Poll} {r.Partition} {r.Offset} {r.Value}")));
        for (var i = 0; i < report.BrokerOutputs.Count; i++) await File.WriteAllTextAsync(Path.Combine(folder, $"broker-run-{i}.log"), report.BrokerOutputs[i]);
    }

    private static bool TryParseSeeds(string text, bool isBounded, out int first, out int last)
    {
        var parts = text.Split("..");
        last = int.MaxValue - 1;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out first) || parts.Length > 2) return false;
        if (parts.Length == 1) last = first;
        else if (parts[1].Length == 0) return isBounded;
        else if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out last)) return false;
        return first <= last;
    }

    private static int Complain(string sentence, int exitCode)
    {
        Console.Error.WriteLine($"real-cluster: {string.Join(' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return exitCode;
    }
}
