using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>Who a broker is: its id and its cluster.</summary>
internal readonly record struct BrokerIdentity(int BrokerId, string ClusterId)
{
    /// <summary>Generated ids begin above this one (<c>reserved.broker.max.id</c>).</summary>
    private const int ReservedMaxId = 1000;

    /// <summary>The configured id, else the one stored in the log directories, else a new one; checked against all directories.</summary>
    /// <exception cref="InconsistentBrokerMetadataException">The directories belong to several brokers.</exception>
    /// <exception cref="InconsistentBrokerIdException">A directory belongs to another broker.</exception>
    /// <exception cref="InconsistentClusterIdException">A directory belongs to another cluster.</exception>
    public static async LoopTask<BrokerIdentity> Establish(BrokerConfig config, KafkaZnodes znodes, LogManager logs)
    {
        var clusterId = await znodes.ClusterId();
        var brokerId = config.BrokerId;
        if (brokerId < 0)
        {
            brokerId = MetaProperties.AgreedBrokerId(await logs.ReadIdentity()) ?? -1;
            if (brokerId < 0) brokerId = await znodes.GenerateBrokerId(ReservedMaxId);
        }

        await logs.VerifyIdentity(brokerId, clusterId);
        return new BrokerIdentity(brokerId, clusterId);
    }
}
