using System;
using System.Collections.Generic;
using System.IO;
using Simulator.Engine.Exploration;
using Spectre.Console;

namespace tools.Sim.Reports;

/// <summary>A progress bar on a terminal; silence where the output is not one.</summary>
internal static class ProgressDisplay
{
    /// <summary>True on a terminal. The bar redraws itself from the thread pool.</summary>
    public static bool IsShown(TextWriter error) => !Console.IsErrorRedirected && error == Console.Error;

    /// <summary>True for a process of our own that draws no bar: nothing of ours uses the thread pool then.</summary>
    public static bool IsQuietProcess(TextWriter error) => Console.IsErrorRedirected && error == Console.Error;

    public static IReadOnlyList<SeedResult> Watch(TextWriter error, string title, int total, Campaign campaign)
    {
        if (!IsShown(error)) return campaign.Run();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: total);
                return campaign.Run(() =>
                {
                    task.Value = campaign.Done;
                    task.Description = Markup.Escape($"{title}: {campaign.Done}/{total} seeds, {campaign.Failed} failed");
                });
            });
    }
}
