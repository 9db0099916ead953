using Reference.Broker;
using Reference.Broker.Metadata;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Metadata;

/// <summary>What a broker believes of the cluster after increments and full updates.</summary>
public class MetadataCacheTests
{
    [Fact]
    public void An_increment_leaves_what_it_does_not_name_and_takes_away_what_is_being_deleted()
    {
        var cache = new MetadataCache();
        cache.Update(Update(0, ("orders", 0, 1), ("orders", 1, 2), ("users", 0, 1)));
        Assert.Equal(["orders"], cache.Update(Update(0, ("orders", 0, -2))));
        Assert.Null(cache.Find(new TopicPartition("orders", 0)));
        Assert.Equal(["orders", "users"], cache.Topics);
    }

    [Fact]
    public void A_full_update_takes_away_what_it_does_not_name()
    {
        var cache = new MetadataCache();
        cache.Update(Update(0, ("orders", 0, 1), ("orders", 1, 2), ("users", 0, 1), ("gone", 0, 1)));
        var touched = cache.Update(Update(UpdateMetadataRequest.FullUpdate, ("orders", 1, 3), ("users", 0, -2)));
        Assert.Equal(["orders"], cache.Topics);
        Assert.Equal([1], cache.PartitionsOf("orders")!.Keys);
        Assert.Equal(3, cache.Find(new TopicPartition("orders", 1))!.Leader);
        Assert.Equal(["gone", "orders", "users"], touched); // who waits for a topic must hear of its end
    }

    private static UpdateMetadataRequest Update(sbyte type, params (string Topic, int Partition, int Leader)[] states)
    {
        var request = new UpdateMetadataRequest { Type = type };
        foreach (var (topic, partition, leader) in states)
        {
            var state = new UpdateMetadataRequest.UpdateMetadataPartitionState { PartitionIndex = partition, Leader = leader };
            request.TopicStates.Add(new UpdateMetadataRequest.UpdateMetadataTopicState { TopicName = topic, PartitionStates = [state] });
        }

        return request;
    }
}
