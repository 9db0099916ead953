using System;
using System.CommandLine;
using System.IO;
using System.Linq;

namespace tools.Sim.Commands;

/// <summary>The command line <c>sim</c>: run, replay, list, zoo.</summary>
internal static class SimCommandLine
{
    private const string Examples = """
        Runs seeded fault-injection scenarios in a deterministic simulation, and replays their failures.

        Examples:
          sim run                                   the default scenario over 100 seeds
          sim run replication --seeds 1..2000 --jobs 2 --json report.json
          sim replay replication 42                 one seed, with its last events
          sim zoo --seeds 500                       how many planted bugs are found, and how fast

        Exit codes: 0 all held, 1 a property failed, 2 wrong usage or input, 3 nondeterminism found.
        """;

    /// <summary>Parses and runs; gives the exit code. Errors of usage are one sentence on <paramref name="error"/>.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand(Examples)
        {
            RunCommand.Create(output, error),
            ReplayCommand.Create(output),
            ListCommand.Create(output),
            ZooCommand.Create(output, error),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"sim: {string.Join(" ", parsed.Errors.Select(e => e.Message))} See 'sim --help'.");
            return ExitCodes.WrongUsage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            error.WriteLine($"sim: {e.Message}");
            return ExitCodes.WrongUsage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"sim: {e.Message} Give a path that can be written.");
            return ExitCodes.WrongUsage;
        }
    }
}
