using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using tools.Sim.Commands;
using tools.Sim.Reports;

namespace tools.Sim.Stepping;

/// <summary>The commands of <c>sim step</c>, a line each, over a run that can be gone through both ways.</summary>
/// <param name="run">The run.</param>
/// <param name="output">What is seen.</param>
/// <param name="error">What could not be done, a sentence each.</param>
internal sealed class SteppingSession(SteppedRun run, TextWriter output, TextWriter error)
{
    /// <summary>The commands, for help.</summary>
    public const string Commands = """
        Commands, a line each; the first letters are enough:
          goto 12.5s, goto #123456      to a time, before its events, or to just after an event
          start, end                    to before the first event, to the end
          next [N], back [N]            N events forwards or backwards
          break PROPERTY                to its first violation; whatever else fails is passed over from now on
          dump                          the state of the whole cluster here
          where                         what has come of the run so far, as replay prints it
          events [N]                    the last N lines of the trace
          help, quit
        """;

    private const int LinesOfAMove = 10;
    private const string Blanks = " \t";
    private static readonly string[] s_names = ["goto", "start", "end", "next", "back", "break", "dump", "where", "events", "help", "quit"];

    /// <summary>Obeys until told to quit, or until the input ends.</summary>
    /// <param name="input">Lines of commands.</param>
    /// <param name="prompt">Printed before each.</param>
    /// <returns>Whether all of them could be obeyed.</returns>
    public bool Serve(TextReader input, string prompt = "")
    {
        var allObeyed = true;
        PrintHere();
        while (Next(input, prompt) is { } line)
        {
            var words = line.Split(Blanks.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            try
            {
                var name = Find(words[0]);
                if (name == "quit") break;
                Obey(name, words.Skip(1).Select(w => w.Trim('\'', '"')).ToList());
            }
            catch (UsageException e)
            {
                error.WriteLine($"sim: {e.Message}");
                allObeyed = false;
            }
        }

        return allObeyed;
    }

    private string? Next(TextReader input, string prompt)
    {
        output.Write(prompt);
        output.Flush();
        return input.ReadLine();
    }

    private static string Find(string word)
    {
        var meant = s_names.Where(n => n.StartsWith(word, StringComparison.Ordinal)).ToList();
        return meant.Count switch
        {
            1 => meant[0],
            0 => throw new UsageException($"There is no command '{word}'; the commands are: {string.Join(", ", s_names)}."),
            _ => throw new UsageException($"'{word}' may mean {string.Join(" or ", meant)}: write more of it."),
        };
    }

    private void Obey(string name, List<string> words)
    {
        var most = name is "goto" or "next" or "back" or "break" or "events" ? 1 : 0;
        if (words.Count > most) throw new UsageException($"'{words[most]}' is too much: '{name}' takes {(most == 0 ? "nothing" : "one word")} after it.");
        var word = words.FirstOrDefault();
        switch (name)
        {
            case "goto":
                Go(RunPointOption.Parse(word ?? throw new UsageException("Where to? Give a time such as 12.5s, or an event such as #123456.")));
                break;
            case "start":
                Go(new RunPoint(null, 0));
                break;
            case "end":
                Go(default);
                break;
            case "next":
                Next(Count(word, 1));
                break;
            case "back":
                Back(Count(word, 1));
                break;
            case "break":
                Break(word ?? throw new UsageException("Which property? Name one that the scenario checks."));
                break;
            case "dump":
                output.Write(run.See(Order.Dump));
                break;
            case "where":
                output.Write(run.See(Order.Result));
                break;
            case "events":
                output.Write(run.Trace((int)Count(word, FailurePrinter.LinesShown)));
                break;
            case "help":
                output.WriteLine(Commands);
                break;
        }
    }

    private void Go(RunPoint moment)
    {
        run.Go(moment);
        PrintHere();
        if (moment != default && run.Here.Event > 0) output.Write(run.Trace(LinesOfAMove, run.Here.Event - 1));
    }

    private void Next(long count)
    {
        var before = run.Here;
        if (before.Kind == ReplyKind.Over) throw new UsageException("This is the run's end: there is no next event.");
        var number = before.Event + count;
        run.Go(number > run.End.Event ? default : new RunPoint(null, number));
        PrintHere();
        output.Write(run.Trace(LinesOfAMove, before.Event));
    }

    private void Back(long count)
    {
        var number = run.Here.Event - count;
        if (number < 0) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"Only {run.Here.Event} events have happened here: 'start' goes before the first."));
        Go(new RunPoint(null, number));
    }

    private void Break(string property)
    {
        var isViolated = run.Break(property);
        if (!isViolated) output.WriteLine($"{property} is not violated in this run.");
        PrintHere();
    }

    private void PrintHere()
    {
        var here = run.Here;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at          {here.Micros / 1e6:F6} s, after event {here.Event}, hash {SummaryPrinter.Hex(here.Hash)}"));
        if (here.Kind == ReplyKind.Over) output.WriteLine(run.Failure is { } failure ? $"end         FAILED {failure.Property}: {failure.Message}" : "end         passed");
    }

    private static long Count(string? word, long otherwise)
    {
        if (word is null) return otherwise;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new UsageException($"'{word}' is no number of events: give 1 or more.");
    }
}
