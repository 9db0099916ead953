using System.Collections.Generic;
using Reference.Broker.Replication;
using Xunit;

namespace Tests.Reference.Broker.Replication;

public class ReplicaSelectorTests
{
    private static readonly IReadOnlyList<ReadCandidate> s_followers = [new(2, "b", 10, 100), new(3, "b", 10, 200), new(4, "c", 5, 300), new(5, "c", 6, 100), new(6, null, 9, 0), new(7, "d", 1, 1), new(8, "d", 1, 1)];

    [Theory]
    [InlineData("", null)] // no rack: the leader
    [InlineData("a", null)] // the leader's
    [InlineData("z", null)] // nobody's
    [InlineData("c", 5)] // furthest ahead
    [InlineData("b", 3)] // as far, caught up later
    [InlineData("d", 7)] // alike in all: the lowest id
    [InlineData("B", null)] // letter case counts
    public void A_consumer_reads_in_its_rack(string rack, int? chosen) => Assert.Equal(chosen, ReplicaSelectors.RackAware(rack, "a", s_followers));
}
