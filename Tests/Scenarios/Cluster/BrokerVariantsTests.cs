using System;
using System.Linq;
using Reference.Broker.Configuration;
using Scenarios.Cluster;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>The configurations that live side by side in a rolling restart.</summary>
public class BrokerVariantsTests
{
    private static readonly BrokerConfig s_usual = new() { BrokerId = 1, LogDir = "logs", Listener = new Endpoint("b", 1), ZookeeperConnect = "z:2" };

    [Fact]
    public void Each_variant_differs_from_every_other() =>
        Assert.Equal(BrokerVariants.All.Count, BrokerVariants.All.Select(v => BrokerVariants.Apply(v, s_usual)).Distinct().Count());

    [Fact]
    public void An_unknown_variant_is_refused_by_name() =>
        Assert.Contains("'odd'", Assert.Throws<ArgumentException>(() => BrokerVariants.Apply("odd", s_usual)).Message, StringComparison.Ordinal);
}
