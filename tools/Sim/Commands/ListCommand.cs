using System.CommandLine;
using System.IO;
using Scenarios;

namespace tools.Sim.Commands;

/// <summary><c>sim list</c>: the scenarios.</summary>
internal static class ListCommand
{
    public static Command Create(TextWriter output)
    {
        var command = new Command("list", "Lists the scenarios.");
        command.SetAction(_ =>
        {
            foreach (var scenario in Catalogue.All)
            {
                var mark = scenario == Catalogue.Default ? " (default)" : string.Empty;
                output.WriteLine($"{scenario.Name,-16} {scenario.Description}{mark}");
            }

            return ExitCodes.AllHeld;
        });
        return command;
    }
}
