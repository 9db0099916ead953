using System;
using Reference.Broker.Server;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Scenarios.Cluster;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>Which ends of a broker's process are Kafka's, and which are bugs of ours.</summary>
public class BrokerExitTests
{
    [Theory]
    [InlineData(CoordinationError.ConnectionLoss, true)]
    [InlineData(CoordinationError.OperationTimeout, true)]
    [InlineData(CoordinationError.SessionExpired, true)]
    [InlineData(CoordinationError.NodeExists, false)]
    [InlineData(CoordinationError.NoNode, false)]
    [InlineData(CoordinationError.BadVersion, false)]
    [InlineData(CoordinationError.MarshallingError, false)]
    public void The_store_may_keep_a_broker_from_starting_but_ends_none_that_serves(CoordinationError error, bool isKafkas)
    {
        var failure = new CoordinationException(error, "no");
        Assert.Equal(isKafkas, new BrokerExit(HasServed: false, WasAskedToStop: false, failure).IsKafkas);
        Assert.False(new BrokerExit(HasServed: true, WasAskedToStop: false, failure).IsKafkas);
        Assert.False(new BrokerExit(HasServed: true, WasAskedToStop: true, failure).IsKafkas);
    }

    [Fact]
    public void Somebody_elses_id_keeps_a_broker_from_starting() =>
        Assert.Equal((true, false), (new BrokerExit(false, false, new BrokerIdTakenException(1)).IsKafkas, new BrokerExit(true, false, new BrokerIdTakenException(1)).IsKafkas));

    [Fact]
    public void An_orderly_end_is_one_that_was_asked_for() =>
        Assert.Equal((true, false), (new BrokerExit(true, WasAskedToStop: true, null).IsKafkas, new BrokerExit(true, WasAskedToStop: false, null).IsKafkas));

    [Fact]
    public void No_failing_connection_ends_a_broker_ever()
    {
        var failure = new NetworkException(NetworkError.Reset, "reset");
        Assert.False(new BrokerExit(HasServed: false, WasAskedToStop: false, failure).IsKafkas);
        Assert.False(new BrokerExit(HasServed: true, WasAskedToStop: false, failure).IsKafkas);
    }

    [Fact]
    public void A_broker_halts_when_its_disk_has_failed_and_never_on_a_sound_one()
    {
        var halted = new BrokerExit(HasServed: true, WasAskedToStop: false, new BrokerHaltedException("halts"));
        Assert.False(halted.IsKafkas);
        Assert.True((halted with { DiskFailed = true }).IsKafkas);
        var failing = new BrokerExit(HasServed: false, WasAskedToStop: false, new DiskException(DiskError.Io, "no"));
        Assert.False(failing.IsKafkas);
        Assert.True((failing with { DiskFailed = true }).IsKafkas);
        Assert.False((failing with { DiskFailed = true, HasServed = true }).IsKafkas);
    }

    [Fact]
    public void A_damaged_log_keeps_a_broker_from_starting_only_where_somebody_has_damaged_it()
    {
        var refused = new BrokerExit(HasServed: false, WasAskedToStop: false, new CorruptLogException("a.log", 7, "no"));
        Assert.False(refused.IsKafkas);
        Assert.True((refused with { FoundJunk = true }).IsKafkas);
        Assert.False((refused with { FoundJunk = true, HasServed = true }).IsKafkas);
    }

    [Fact]
    public void Other_exceptions_are_bugs_and_told_with_their_circumstances()
    {
        var exit = new BrokerExit(HasServed: true, WasAskedToStop: false, new InvalidOperationException("assertion"));
        Assert.False(exit.IsKafkas);
        Assert.StartsWith("ended while it served: System.InvalidOperationException: assertion", exit.ToString(), StringComparison.Ordinal);
        Assert.Equal("ended while it served: nobody asked it to", new BrokerExit(true, false, null).ToString());
    }
}
