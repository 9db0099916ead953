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
/// not ended; <c>a@0+b@1</c> are two sends of one burst. <c>c:0=a</c> is a read of consumer c, <c>c:0=a+1=b</c> two that one poll gave,
/// <c>final:</c> one of the final reader, and <c>c/1:</c> one after a seek. <c>t-1|</c> before a word names another partition than t-0.
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
    [InlineData("poll-skip", "c:0=a+2=c", null)] // that is int-poll-skip
    [InlineData("poll-skip", "c:0=a+1=b c:3=d", "c read t-0 offset 1 and next 3")]
    [InlineData("poll-skip", "c:0=a t-1|c:5=f c:1=b", null)]
    [InlineData("int-poll-skip", "c:0=a+1=b+2=c c:5=f", null)] // that is poll-skip
    [InlineData("int-poll-skip", "c:0=a+2=c", "c got t-0 offset 0 and next 2 in one poll")]
    [InlineData("int-poll-skip", "c:0=a c:1=b+2=c+4=e", "c got t-0 offset 2 and next 4 in one poll")]
    [InlineData("int-nonmonotonic-poll", "c:0=a+1=b c:0=a", null)] // that is nonmonotonic-poll
    [InlineData("int-nonmonotonic-poll", "c:4=e+3=d", "c got t-0 offset 4 and then 3 in one poll")]
    [InlineData("int-nonmonotonic-poll", "c:4=e+4=e", "c got t-0 offset 4 and then 4 in one poll")]
    [InlineData("nonmonotonic-poll", "c:4=e+3=d", null)] // that is int-nonmonotonic-poll
    [InlineData("nonmonotonic-poll", "c:0=a c:1=b c:2=c", null)]
    [InlineData("nonmonotonic-poll", "c:4=e c:3=d", "c read t-0 offset 4 and then 3")]
    [InlineData("nonmonotonic-poll", "c:4=e c:4=e", "c read t-0 offset 4 and then 4")]
    [InlineData("nonmonotonic-poll", "c:4=e c/1:0=a", null)]
    [InlineData("nonmonotonic-send", "a@0 b@1 c@5", null)]
    [InlineData("nonmonotonic-send", "a@4 b@3", "p sent 'a' and later 'b' to t-0, but they stand at offsets 4 and 3")]
    [InlineData("nonmonotonic-send", "a@4 b@4", "p sent 'a' and later 'b' to t-0, but they stand at offsets 4 and 4")]
    [InlineData("nonmonotonic-send", "a@4 x? b@3", "p sent 'a' and later 'b' to t-0, but they stand at offsets 4 and 3")]
    [InlineData("nonmonotonic-send", "a@4 x- y… t-1|b@0 c@5", null)]
    [InlineData("nonmonotonic-send", "a@4! b@3!", null)] // lost with its leader, and the offset was given again
    [InlineData("nonmonotonic-send", "a@4+b@3", null)] // that is int-nonmonotonic-send
    [InlineData("int-nonmonotonic-send", "a@3+b@4+c@5 d@0", null)] // that is nonmonotonic-send
    [InlineData("int-nonmonotonic-send", "a@3+b@4+c@2", "p sent 'b' and 'c' in one burst to t-0, but they stand at offsets 4 and 2")]
    [InlineData("phantom-read", "a@0 b? d- e… c:0=a c:1=b c:2=d c:3=e", null)] // whether they may be there is another question
    [InlineData("phantom-read", "a@0 c:0=a c:1=x", "c read 'x' at t-0 offset 1, but nobody sent it there")]
    [InlineData("phantom-read", "t-1|a@0 c:0=a", "c read 'a' at t-0 offset 0, but nobody sent it there")]
    [InlineData("aborted-read", "a@0 b? e… c:0=a c:1=b c:2=e", null)] // an unknown outcome may be there
    [InlineData("aborted-read", "a@0 b- c:0=a c:1=b", "c read 'b' at t-0 offset 1, but p was told that its send had failed")]
    [InlineData("aborted-read", "b- c:1=x", null)]
    [InlineData("L5-OperationsEnd", "a@0 b- c?", null)]
    [InlineData("L5-OperationsEnd", "a@0 b… c…", "2 operations have begun and not ended")]
    [InlineData("progress", "a@0! b-", null)]
    [InlineData("progress", "a- b?", "none of 2 sends was acknowledged")]
    public void A_property_says_this_of_a_history(string name, string line, string? violation) =>
        Assert.Equal(violation, PropertyOf(name, Parse(line)).FindViolation());

    [Fact]
    public void A_send_ends_once()
    {
        var history = new ClientHistory();
        var send = history.BeginSend("p", 0, "t-0", "a", allReplicas: true);
        history.EndSend(send, SendOutcome.Acknowledged, 0);
        Assert.Throws<InvalidOperationException>(() => history.EndSend(send, SendOutcome.Unknown));
        Assert.Equal((1, 0), (history.Acknowledged, history.Pending));
    }

    private static Property PropertyOf(string name, ClientHistory history) => new Property[]
    {
        new LostWrite(history), new Unseen(history), new InconsistentOffsets(history), new ConsistentRead(history), new PollSkip(history),
        new NonmonotonicPoll(history), new InternalPollSkip(history), new InternalNonmonotonicPoll(history), new NonmonotonicSend(history),
        new InternalNonmonotonicSend(history), new PhantomRead(history), new AbortedRead(history), new OperationsEnd(history), new ProgressWasMade(history),
    }.Single(p => p.Name == name);

    private static ClientHistory Parse(string line)
    {
        var history = new ClientHistory();
        var words = line.Split(' ');
        for (var number = 0; number < words.Length; number++)
        {
            var (partition, word) = words[number].Split('|') is [var named, var rest] ? (named, rest) : ("t-0", words[number]);
            if (word.Contains('=')) Poll(history, partition, number, word);
            else foreach (var send in word.Split('+')) Send(history, partition, number, send);
        }

        return history;
    }

    private static void Poll(ClientHistory history, string partition, int poll, string word)
    {
        var (who, records) = (word.Split(':')[0], word.Split(':')[1]);
        var position = who.Contains('/') ? int.Parse(who.Split('/')[1], CultureInfo.InvariantCulture) : 0;
        var consumer = who.Split('/')[0] is var name && name == "final" ? ClientHistory.FinalReader : name;
        foreach (var record in records.Split('+'))
            history.AddRead(new ReadOperation(consumer, partition, position, poll, long.Parse(record.Split('=')[0], CultureInfo.InvariantCulture), record.Split('=')[1]));
    }

    private static void Send(ClientHistory history, string partition, int burst, string word)
    {
        var send = history.BeginSend("p", burst, partition, word[..1], allReplicas: !word.EndsWith('!'));
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
