using Scenarios.History;
using Scenarios.Properties;
using Simulator.Engine.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>What clients may miss of a partition that held "a1 b1 a2 c- d1", and what not.</summary>
public class LawfulHolesTests
{
    private readonly CompactedLog _log = new CompactedLog().Appended(1, "a1 b1 a2 c- d1");
    private readonly ClientHistory _history = new();

    private LawfulHoles Holes => new([_log.Partition]);

    [Theory]
    [InlineData(0, true)] // superseded
    [InlineData(1, false)]
    [InlineData(3, true)] // a tombstone
    [InlineData(4, false)]
    [InlineData(5, false)] // not committed
    public void A_record_may_be_gone_if_compaction_may_take_it(long offset, bool may) => Assert.Equal(may, Holes.Has("t-0", offset));

    [Fact]
    public void Everything_below_a_log_start_may_be_gone()
    {
        _log.Partition.HighestLogStart = 2;
        Assert.Equal((true, false), (Holes.Has("t-0", 1), Holes.Has("t-0", 4)));
    }

    [Fact]
    public void A_consumer_may_jump_over_holes_only()
    {
        Read(2, poll: 0);
        Read(4, poll: 1);
        Assert.Null(new PollSkip(_history, Holes).FindViolation());
        Assert.NotNull(new PollSkip(_history).FindViolation());
        Read(0, poll: 2, position: 1);
        Read(2, poll: 2, position: 1);
        Assert.Equal("c got t-0 offset 0 and next 2 in one poll", new InternalPollSkip(_history, Holes).FindViolation());
    }

    [Fact]
    public void A_consumer_may_go_back_when_what_came_next_was_deleted()
    {
        Read(1, poll: 0);
        Read(0, poll: 1);
        Validation property = new NonmonotonicPoll(_history, Holes);
        Assert.NotNull(property.FindViolation());
        _log.Partition.HighestLogStart = 3;
        Assert.Null(property.FindViolation());
    }

    [Fact]
    public void An_acknowledged_record_must_be_read_unless_it_may_be_gone()
    {
        Send("a1", 0);
        Send("c-", 3);
        Read(4, poll: 0);
        Validation[] properties = [new LostWrite(_history, Holes), new Unseen(_history, Holes)];
        Assert.All(properties, p => Assert.Null(p.FindViolation()));
        Send("b1", 1);
        Assert.All(properties, p => Assert.Contains("'b1' was acknowledged at t-0 offset 1", p.FindViolation()));
    }

    private void Read(long offset, int poll, int position = 0) => _history.AddRead(new ReadOperation("c", "t-0", position, poll, offset, $"v{offset}"));

    private void Send(string value, long offset) => _history.EndSend(_history.BeginSend("p", 0, "t-0", value, allReplicas: true), SendOutcome.Acknowledged, offset);
}
