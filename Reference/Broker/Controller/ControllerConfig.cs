using System;

namespace Reference.Broker.Controller;

/// <summary>The broker options that the controller heeds; the names are those of Kafka's server.properties.</summary>
public sealed record ControllerConfig
{
    /// <summary>inter.broker.listener.name: where the controller reaches the brokers.</summary>
    public string InterBrokerListener { get; init; } = "PLAINTEXT";

    /// <summary>unclean.leader.election.enable, unless the topic says otherwise.</summary>
    public bool UncleanLeaderElection { get; init; }

    /// <summary>auto.leader.rebalance.enable.</summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary>leader.imbalance.check.interval.seconds.</summary>
    public TimeSpan LeaderImbalanceCheckInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>leader.imbalance.per.broker.percentage.</summary>
    public int LeaderImbalancePerBrokerPercentage { get; init; } = 10;

    /// <summary>delete.topic.enable.</summary>
    public bool DeleteTopics { get; init; } = true;

    /// <summary>controller.socket.timeout.ms: how long a broker may take over a control request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before a control request is sent again.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);
}
