using Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>Verifies that the property tells a marker that promises too much from one that keeps its word.</summary>
public class MarkerOfClosedLogsTests
{
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void S15_flags_a_marker_beside_logs_that_are_being_loaded(bool isMarked, bool isLoading, bool holds)
    {
        var state = new ObservedCluster();
        if (isMarked) state.Marked(2);
        state[2].IsLoading = isLoading;
        var violation = new MarkerOfClosedLogs(state.Observation).FindViolation();
        Assert.Equal(holds ? null : "broker 2 loads its logs while logs/.kafka_cleanshutdown says that they are closed", violation);
    }

    [Fact]
    public void S15_allows_a_marker_in_a_directory_whose_turn_has_not_come()
    {
        var state = new ObservedCluster().Marked(2);
        (state[2].IsLoading, state[2].OpenDirectories) = (true, ["other-logs"]);
        Assert.Null(new MarkerOfClosedLogs(state.Observation).FindViolation());
    }
}
