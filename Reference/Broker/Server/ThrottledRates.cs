using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Rpc.Configuration;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>
/// The rates of throttled replication that are set for brokers while they run (KIP-73, KIP-226): those in /config/brokers before those of
/// the broker's own file. What else stands there and does nothing here is told.
/// </summary>
internal sealed class ThrottledRates(BrokerConfig config, int brokerId, KafkaZnodes znodes, ReplicationContext replication, ILogger log)
{
    private const string LeaderRate = "leader.replication.throttled.rate";
    private const string FollowerRate = "follower.replication.throttled.rate";

    private string _told = string.Empty;

    /// <summary>Reads them anew. A rate that cannot be read leaves that in force which was.</summary>
    public async LoopTask Read()
    {
        var problems = new List<(LogLevel Level, string Text)>();
        try
        {
            Apply(await znodes.BrokerOptions(brokerId), problems);
        }
        catch (MalformedZnodeException e)
        {
            problems.Add((LogLevel.Error, $"{e.Message} Throttled replication keeps its rates."));
        }

        Tell(problems);
    }

    private void Apply(SortedDictionary<string, string> options, List<(LogLevel Level, string Text)> problems)
    {
        var wanted = config with
        {
            LeaderReplicationThrottledRate = RateIn(options, LeaderRate, config.LeaderReplicationThrottledRate, replication.LeaderQuota),
            FollowerReplicationThrottledRate = RateIn(options, FollowerRate, config.FollowerReplicationThrottledRate, replication.FollowerQuota),
        };
        foreach (var (name, value) in options)
        {
            if (name == TopicOptions.UncleanLeaderElection) continue; // the controller reads it itself, when it matters
            if (name is not (LeaderRate or FollowerRate))
            {
                problems.Add((LogLevel.Warning, $"The option {name} set for brokers while they run changes nothing here; set it in the broker's file."));
                continue;
            }

            try
            {
                wanted = BrokerOptions.Table.Apply(wanted, name, value);
            }
            catch (ConfigException e)
            {
                problems.Add((LogLevel.Error, $"{e.Message} The rate in force stays."));
            }
        }

        replication.LeaderQuota.BytesPerSecond = wanted.LeaderReplicationThrottledRate;
        replication.FollowerQuota.BytesPerSecond = wanted.FollowerReplicationThrottledRate;
    }

    /// <summary>The rate if the option is not set or cannot be read: that of the file, or that in force.</summary>
    private static long RateIn(SortedDictionary<string, string> options, string name, long ofFile, ReplicationQuota quota) =>
        options.ContainsKey(name) ? quota.BytesPerSecond : ofFile;

    private void Tell(List<(LogLevel Level, string Text)> problems)
    {
        var all = string.Join('\n', problems);
        if (all == _told) return;
        _told = all;
        foreach (var (level, text) in problems) log.Log(level, "{Problem}", text);
    }
}
