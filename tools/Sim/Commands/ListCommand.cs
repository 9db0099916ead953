using System.CommandLine;
using System.IO;

namespace tools.Sim.Commands;

/// <summary><c>sim list</c>: the scenarios.</summary>
internal static class ListCommand
{
    public static Command Create(ScenarioChoice choice, TextWriter output)
    {
        var command = new Command("list", "Lists the scenarios.");
        command.SetAction(_ =>
        {
            foreach (var scenario in choice.All)
            {
                var mark = scenario == choice.Default ? " (default)" : string.Empty;
                output.WriteLine($"{scenario.Name,-16} {scenario.Description}{mark}");
            }

            return ExitCodes.AllHeld;
        });
        return command;
    }
}
