using Scenarios.History;
using Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>An unclean election has lost what epoch 3 wrote from offset 5 on; some of it was sent again and stands where it stood.</summary>
public class UnnoticedTruncationTests
{
    private readonly ClientHistory _history = new()
    {
        Losses = (_, offset, value) => offset >= 5 && value != "again",
        LossesOfEpoch = (_, offset, epoch) => offset >= 5 && epoch == 3,
    };

    [Fact]
    public void Who_goes_on_from_what_was_lost_to_what_stands_there_now_has_noticed_nothing()
    {
        Read(5, "lost", epoch: 3);
        Read(6, "later", epoch: 4);
        Assert.StartsWith("c read 'lost' at t-0 offset 5, which was lost, and went on with 'later' at 6", Violation(), System.StringComparison.Ordinal);
    }

    /// <summary>Seeds 318, 633, 855 and 935 of unclean-election.</summary>
    [Fact]
    public void Who_read_all_of_it_before_the_election_had_nothing_to_notice()
    {
        Read(5, "lost", epoch: 3);
        Read(6, "again", epoch: 3);
        Assert.Null(Violation());
    }

    [Fact]
    public void Who_has_moved_meanwhile_was_told()
    {
        Read(5, "lost", epoch: 3);
        Read(6, "later", epoch: 4, position: 1);
        Assert.Null(Violation());
    }

    private void Read(long offset, string value, int epoch, int position = 0) => _history.AddRead(new ReadOperation("c", "t-0", position, 0, offset, value, epoch));

    private string? Violation() => new UnnoticedTruncation(_history).FindViolation();
}
