using System;
using System.CommandLine;
using System.IO;
using Simulator.Engine.Exploration;

namespace tools.Sim.Commands;

/// <summary>The process that <c>sim run --check</c> starts to run seeds a second time; not for users, and in no help.</summary>
internal static class SecondRunCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "second-run";

    public static Command Create(ScenarioChoice choice, TextWriter output, TextWriter error)
    {
        var name = new Argument<string>("scenario");
        var command = new Command(Name) { name };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            Console.SetOut(error); // what a scenario prints is no answer
            SecondRunServer.Serve(choice.Find(parsed.GetValue(name)!), Console.In, output);
            return ExitCodes.AllHeld;
        });
        return command;
    }
}
