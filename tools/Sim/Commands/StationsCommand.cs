using System;
using System.CommandLine;
using System.IO;
using Simulator.Engine.Exploration;
using tools.Sim.Stepping;

namespace tools.Sim.Commands;

/// <summary>The process that <c>sim step</c> starts, and of which all others of the session are copies; not for users, and in no help.</summary>
internal static class StationsCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "stations";

    public static Command Create(ScenarioChoice choice, MutantChoice zoo)
    {
        var runs = new RunChoice(choice, zoo, TextWriter.Null); // what there is to say has been said by the process that asks
        var command = new Command(Name);
        command.Hidden = true;
        runs.AddTo(command);
        command.SetAction(parsed =>
        {
            Console.SetOut(Console.Error); // what a scenario prints is no answer
            var run = runs.Find(parsed);
            var switchboard = new Switchboard(SteppedRun.Places);
            Libc.ForgetEndedCopies();
            if (Libc.Fork() == 0) Simulate(run, switchboard);
            switchboard.Serve();
            Libc.Exit(ExitCodes.AllHeld);
            return ExitCodes.AllHeld;
        });
        return command;
    }

    // A copy must not return: what comes after belongs to the original.
    private static void Simulate(ChosenRun run, Switchboard switchboard)
    {
        switchboard.Leave();
        try
        {
            run.Run(new RunOptions(Pilot: new Station(switchboard)));
        }
        catch (Exception e)
        {
            Station.Answer(new Reply(Libc.ProcessId(), 0, 0, 0, ReplyKind.Refused, e is UsageException ? e.Message : e.ToString()));
        }

        Station.Leave();
    }
}
