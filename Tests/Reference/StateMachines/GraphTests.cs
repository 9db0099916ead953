using System.Threading.Tasks;
using Reference.StateMachines;
using Reference.StateMachines.Graph;
using Tests.Support;
using Xunit;

namespace Tests.Reference.StateMachines;

/// <summary>The diagrams and tables that the documentation shows are drawn from the declaration.</summary>
public sealed class GraphTests
{
    [Fact]
    public Task Mermaid_draws_states_substates_guards_and_actions() => Verifier.Verify(MermaidGraph.Format(Phone().GetInfo()));

    [Fact]
    public Task Dot_draws_states_substates_guards_and_actions() => Verifier.Verify(UmlDotGraph.Format(Phone().GetInfo()));

    [Fact]
    public void A_table_has_a_row_per_state_and_leaves_empty_what_is_refused()
    {
        var rows = MarkdownTable.Format(Phone().GetInfo()).Split('\n');
        Assert.Equal("| from | Dial | PickUp | HangUp | Refresh | Hold | Resume |", rows[0]);
        Assert.Equal("| --- | --- | --- | --- | --- | --- | --- |", rows[1]);
        Assert.Contains("| OffHook | Ringing |  |  |  |  |  |", rows);
        Assert.Contains("| Ringing | (stays) | Connected [line is free] | OffHook |  |  |  |", rows);
        Assert.Contains("| OnHold |  |  | OffHook | Connected | OnHold | Connected |", rows); // what it does not say itself, its superstate does
        Assert.Equal(string.Empty, rows[^1]);
    }

    private static StateMachine<string, string> Phone()
    {
        var phone = new StateMachine<string, string>("OffHook");
        phone.Configure("OffHook").Permit("Dial", "Ringing");
        phone.Configure("Ringing").PermitIf("PickUp", "Connected", () => true, "line is free").Permit("HangUp", "OffHook").Ignore("Dial");
        phone.Configure("Connected").Permit("HangUp", "OffHook").PermitReentry("Refresh")
            .OnEntry(() => { }, "start the meter").OnExit(() => { }, "stop the meter");
        phone.Configure("OnHold").SubstateOf("Connected").Permit("Resume", "Connected");
        phone.Configure("Connected").Permit("Hold", "OnHold");
        return phone;
    }
}
