using System.CommandLine;
using System.IO;
using System.Linq;

namespace tools.Sim.Commands;

/// <summary><c>sim list</c>: the scenarios.</summary>
internal static class ListCommand
{
    public static Command Create(ScenarioChoice choice, TextWriter output)
    {
        var command = new Command("list", "Lists the scenarios.");
        command.SetAction(_ =>
        {
            var width = choice.All.Max(s => s.Name.Length);
            foreach (var scenario in choice.All)
            {
                var mark = scenario == choice.Default ? " (default)" : string.Empty;
                output.WriteLine($"{scenario.Name.PadRight(width)} {scenario.Description}{mark}");
            }

            return ExitCodes.AllHeld;
        });
        return command;
    }
}
