using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace tools.Sim.Commands;

/// <summary>A command whose own help goes on, below its options, with an explanation of what it prints.</summary>
internal sealed class ExplainedCommand(string name, string description, string explanation) : Command(name, description)
{
    public string Explanation => explanation;
}

/// <summary>The usual help, and the explanation of a command that has one.</summary>
internal sealed class ExplainingHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _usual = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExplainedCommand { Explanation: var explanation }) parseResult.InvocationConfiguration.Output.WriteLine(explanation);
        return code;
    }
}
