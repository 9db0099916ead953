using System;
using System.Collections.Generic;
using System.IO;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using Spectre.Console;
using tools.Sim.Zoo;

namespace tools.Sim.Reports;

/// <summary>A progress bar on a terminal; silence where the output is not one.</summary>
internal static class ProgressDisplay
{
    /// <summary>True on a terminal. The bar redraws itself from the thread pool.</summary>
    public static bool IsShown(TextWriter error) => !Console.IsErrorRedirected && error == Console.Error;

    /// <summary>True for a process of our own that draws no bar: nothing of ours uses the thread pool then.</summary>
    public static bool IsQuietProcess(TextWriter error) => Console.IsErrorRedirected && error == Console.Error;

    public static IReadOnlyList<SeedResult> Watch(TextWriter error, string title, int total, Campaign campaign) =>
        Watch(error, title, whileRunning => campaign.Run(whileRunning), () => (campaign.Done, total), () => $"{campaign.Done}/{total} seeds, {campaign.Failed} failed");

    public static void Watch(TextWriter error, string title, Hunt hunt) => Watch(
        error,
        title,
        whileRunning =>
        {
            hunt.Run(whileRunning);
            return true;
        },
        () => hunt.Progress,
        () => $"{hunt.Progress.Done}/{hunt.Progress.Total} runs at most, {hunt.Kills} kills");

    /// <summary>Shrinks; the number of decisions left is shown as it falls.</summary>
    public static ShrinkReport Watch(TextWriter error, Shrinker shrinker)
    {
        var (size, runs, most) = (default(ShrinkSize), 0, 1);
        return Watch(
            error,
            "shrink",
            whileRunning =>
            {
                shrinker.Progress = (now, count) =>
                {
                    (size, runs, most) = (now, count, Math.Max(most, now.Decisions));
                    whileRunning?.Invoke();
                };
                return shrinker.Run();
            },
            () => (most - size.Decisions, most),
            () => $"{size.Decisions} decisions left, {size.Faults} of them faults, {runs} runs");
    }

    private static T Watch<T>(TextWriter error, string title, Func<Action?, T> run, Func<(int Done, int Total)> progress, Func<string> words)
    {
        if (!IsShown(error)) return run(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: progress().Total);
                return run(() =>
                {
                    (task.Value, task.MaxValue) = progress();
                    task.Description = Markup.Escape($"{title}: {words()}");
                });
            });
    }
}
