using System.IO;
using System.Threading.Tasks;
using Reference.Broker.Lifecycle;
using Reference.Broker.Replication;
using Reference.StateMachines.Graph;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Lifecycle;

public class BrokerLifecycleTests
{
    [Fact]
    public async Task The_documented_diagrams_are_those_of_the_code()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryTree.Root, "docs", "broker-lifecycle.md"));
        Assert.Equal(Document(), text);
    }

    private static string Document() =>
        $"""
        # Broker and replica states

        Generated from the state machines of the code; a test keeps this file and the code equal.

        ## Broker (`Reference/Broker/Lifecycle`)

        ```mermaid
        {MermaidGraph.Format(BrokerLifecycle.Create().GetInfo()).TrimEnd()}
        ```

        ## Replica (`Reference/Broker/Replication/ReplicaRole.cs`)

        ```mermaid
        {MermaidGraph.Format(ReplicaRoles.Create().GetInfo()).TrimEnd()}
        ```

        """.ReplaceLineEndings("\n");
}
