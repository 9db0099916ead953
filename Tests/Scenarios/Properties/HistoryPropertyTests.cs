using System;
using System.Globalization;
using System.Linq;
using Scenarios.History;
using Scenarios.Properties;
using Simulator.Engine.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>
/// Small histories of clients, with what each property says of them. A history is a line: <c>a@0</c> is a send of "a" acknowledged by
/// all at offset 0, <c>a@0!</c> by the leader alone, <c>a?</c> one of unknown outcome, <c>a-</c> a failed one, <c>a…</c> one that has
/// not ended; <c>c:0=a</c> is a read of consumer c, <c>final:</c> one of the final reader, and <c>c/1:</c> one after a seek.
/// </summary>
public class HistoryPropertyTests
{
    [Theory]
    [InlineData("lost-write", "a@0 b@1 c:0=a c:1=b", null)]
    [InlineData("lost-write", "a@0 b@1 c:1=b", "'a' was acknowledged at t-0 offset 0, later offsets were read, but nobody ever read it")]
    [InlineData("lost-write", "a@0 b@1 c:0=a", null)] // nobody has come that far
    [InlineData("lost-write", "a@0! b@1 c:1=b", null)] // the leader alone promised nothing
    [InlineData("lost-write", "a? b@1 c:1=b", null)]
    [InlineData("unseen", "a@0 final:0=a", null)]
    [InlineData("unseen", "a@0 c:0=a", "'a' was acknowledged at t-0 offset 0, but the final reader never saw it")]
    [InlineData("unseen", "a@0! b? c- final:0=x", null)]
    [InlineData("inconsistent-offsets", "a@0 c:0=a final:0=a", null)]
    [InlineData("inconsistent-offsets", "a@0 c:0=x", "t-0 offset 0 holds 'a', but c read 'x' there")]
    [InlineData("inconsistent-offsets", "a@0 b@0", "t-0 offset 0 holds 'a', but p wrote 'b' there")]
    [InlineData("inconsistent-offsets", "a@0! b@0 c:0=b", null)] // lost with its leader, and the offset was given again
    [InlineData("S7-ConsistentRead", "c:0=a d:0=a", null)]
    [InlineData("S7-ConsistentRead", "c:0=a d:0=x", "t-0 offset 0 was read as 'a' and later by d as 'x'")]
    [InlineData("poll-skip", "c:0=a c:1=b", null)]
    [InlineData("poll-skip", "c:0=a c:2=c", "c read t-0 offset 0 and next 2")]
    [InlineData("poll-skip", "c:0=a c/1:7=h c/1:8=i", null)] // it sought
    [InlineData("poll-skip", "c:0=a d:5=f c:1=b", null)] // another consumer
    [InlineData("nonmonotonic-poll", "c:0=a c:1=b c:2=c", null)]
    [InlineData("nonmonotonic-poll", "c:4=e c:3=d", "c read t-0 offset 4 and then 3")]
    [InlineData("nonmonotonic-poll", "c:4=e c:4=e", "c read t-0 offset 4 and then 4")]
    [InlineData("nonmonotonic-poll", "c:4=e c/1:0=a", null)]
    [InlineData("L5-OperationsEnd", "a@0 b- c?", null)]
    [InlineData("L5-OperationsEnd", "a@0 b… c…", "2 sends have begun and not ended")]
    [InlineData("progress", "a@0! b-", null)]
    [InlineData("progress", "a- b?", "none of 2 sends was acknowledged")]
    public void A_property_says_this_of_a_history(string name, string line, string? violation) =>
        Assert.Equal(violation, PropertyOf(name, Parse(line)).FindViolation());

    [Fact]
    public void A_send_ends_once()
    {
        var history = new ClientHistory();
        var send = history.BeginSend("p", "t-0", "a", allReplicas: true);
        history.EndSend(send, SendOutcome.Acknowledged, 0);
        Assert.Throws<InvalidOperationException>(() => history.EndSend(send, SendOutcome.Unknown));
        Assert.Equal((1, 0), (history.Acknowledged, history.Pending));
    }

    private static Property PropertyOf(string name, ClientHistory history) => new Property[]
    {
        new LostWrite(history), new Unseen(history), new InconsistentOffsets(history), new ConsistentRead(history), new PollSkip(history),
        new NonmonotonicPoll(history), new OperationsEnd(history), new ProgressWasMade(history),
    }.Single(p => p.Name == name);

    private static ClientHistory Parse(string line)
    {
        var history = new ClientHistory();
        foreach (var word in line.Split(' '))
        {
            if (word.Contains('=')) history.AddRead(ReadOf(word));
            else Send(history, word);
        }

        return history;
    }

    private static ReadOperation ReadOf(string word)
    {
        var (who, offset, value) = (word.Split(':')[0], word.Split(':', '=')[1], word.Split('=')[1]);
        var position = who.Contains('/') ? int.Parse(who.Split('/')[1], CultureInfo.InvariantCulture) : 0;
        var consumer = who.Split('/')[0] is var name && name == "final" ? ClientHistory.FinalReader : name;
        return new ReadOperation(consumer, "t-0", position, long.Parse(offset, CultureInfo.InvariantCulture), value);
    }

    private static void Send(ClientHistory history, string word)
    {
        var send = history.BeginSend("p", "t-0", word[..1], allReplicas: !word.EndsWith('!'));
        switch (word[1])
        {
            case '@':
                history.EndSend(send, SendOutcome.Acknowledged, long.Parse(word[2..].TrimEnd('!'), CultureInfo.InvariantCulture));
                break;
            case '?':
                history.EndSend(send, SendOutcome.Unknown);
                break;
            case '-':
                history.EndSend(send, SendOutcome.Failed);
                break;
        }
    }
}
