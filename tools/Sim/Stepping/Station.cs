using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Inspection;
using Simulator.Engine.Replay;
using tools.Sim.Reports;

namespace tools.Sim.Stepping;

/// <summary>
/// A process with a run that stands still and waits for orders: to run on, to leave a copy of itself behind, to say what it sees. Its
/// answers go to the standard output that all stations share; only one has been asked at a time.
/// </summary>
internal sealed class Station(Switchboard switchboard) : IRunPilot
{
    private const int Output = 1;
    private Inbox _inbox = switchboard.InboxOf(0);

    /// <inheritdoc/>
    public RunPoint Pause(PausedRun run)
    {
        Answer(Reply.Of(run));
        while (true)
        {
            if (_inbox.ReadLine() is not { } order) Leave();
            else if (Order.MomentOf(order) is { } moment && !run.IsOver) return moment;
            else if (Obey(order, run) is { } reply) Answer(reply);
        }
    }

    /// <summary>Sends an answer; without anybody who reads it the process has no purpose any more.</summary>
    public static void Answer(Reply reply)
    {
        if (!Libc.Write(Output, reply.ToBytes())) Leave();
    }

    /// <summary>Ends the process.</summary>
    public static void Leave() => Libc.Exit(0);

    private Reply? Obey(string order, PausedRun run)
    {
        var words = order.Split(' ');
        try
        {
            switch (words[0])
            {
                case Order.CopyWord:
                    return Copy(Number(words[1]), run);
                case Order.HeedWord:
                    run.Heed(words[1]);
                    break;
                case Order.TraceWord:
                    run.KeepTrace((int)Number(words[1]));
                    break;
                case Order.LinesWord:
                    return Reply.Of(run, Lines(run, Number(words[1]), Number(words[2])));
                case Order.Result:
                    return Reply.Of(run, Printed(writer => FailurePrinter.PrintReplay(writer, run.Result with { Trace = [] })));
                case Order.Dump:
                    return Reply.Of(run, Printed(writer => DumpPrinter.Print(writer, run.State)));
                case Order.Verdict:
                    return Reply.Of(run, run.Failure is { } failure ? $"{failure.Property}\n{failure.Message}" : string.Empty);
                case Order.Quit:
                    Answer(Reply.Of(run)); // from here on it takes no order from its inbox, which another may have now
                    Leave();
                    break;
            }

            return Reply.Of(run);
        }
        catch (Exception e) // what cannot be shown here may be shown elsewhere: the session goes on
        {
            return Reply.Of(run, e is ReplayException ? e.Message : e.ToString()) with { Kind = ReplyKind.Refused };
        }
    }

    // The copy answers instead of the original, so that it is known to live.
    private Reply? Copy(long place, PausedRun run)
    {
        var copy = Libc.Fork();
        if (copy > 0) return null;
        if (copy < 0) return Reply.Of(run, "The process of the simulation could not be copied: there is too little memory, or there are too many processes.") with { Kind = ReplyKind.Refused };
        _inbox = switchboard.InboxOf((int)place);
        return Reply.Of(run);
    }

    private static string Lines(PausedRun run, long count, long since)
    {
        var kept = run.Result.Trace.Where(l => l.Event > since).TakeLast((int)count).ToList();
        return Printed(writer =>
        {
            writer.WriteLine(kept.Count);
            foreach (var line in kept) writer.WriteLine("  " + line);
        });
    }

    private static string Printed(Action<StringWriter> print)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        print(writer);
        return writer.ToString();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
