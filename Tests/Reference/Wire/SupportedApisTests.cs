using System.Linq;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Xunit;

namespace Tests.Reference.Wire;

public sealed class SupportedApisTests
{
    [Fact]
    public void The_table_holds_exactly_the_declared_versions()
    {
        var declared = MessageCatalog.All
            .Select(MessageCatalog.Attribute)
            .Where(a => a.Kind == MessageKind.Request)
            .Select(a => new SupportedApi(a.Api, MessageCatalog.Range(a.Versions), MessageCatalog.Range(a.Flexible)));
        Assert.Equal(declared, SupportedApis.All);
    }

    [Fact]
    public void The_table_is_as_approved() => Assert.Equal(
        "Produce 0-10, Fetch 0-12, ListOffsets 0-7, Metadata 0-12, LeaderAndIsr 0-4, StopReplica 0-3, UpdateMetadata 0-6, "
        + "ControlledShutdown 0-3, FindCoordinator 0-4, ApiVersions 0-4, CreateTopics 0-7, DeleteTopics 0-6, DeleteRecords 0-2, InitProducerId 0-4, "
        + "OffsetForLeaderEpoch 0-4, DescribeLogDirs 0-1, CreatePartitions 0-3, ElectLeaders 0-2, AlterPartitionReassignments 0-0, ListPartitionReassignments 0-0",
        string.Join(", ", SupportedApis.All.Select(a => $"{a.Key} {a.Versions}")));

    [Fact]
    public void Support_is_looked_up_by_version()
    {
        Assert.True(SupportedApis.IsSupported(ApiKey.Fetch, 12));
        Assert.False(SupportedApis.IsSupported(ApiKey.Fetch, 13));
        Assert.False(SupportedApis.IsSupported(ApiKey.Fetch, -1));
        Assert.False(SupportedApis.IsSupported(ApiKey.JoinGroup, 0));
    }

    [Theory]
    [InlineData(ApiKey.ControlledShutdown, 0, 0, 0)]
    [InlineData(ApiKey.ControlledShutdown, 1, 1, 0)]
    [InlineData(ApiKey.ControlledShutdown, 3, 2, 1)]
    [InlineData(ApiKey.ApiVersions, 2, 1, 0)]
    [InlineData(ApiKey.ApiVersions, 3, 2, 0)]
    [InlineData(ApiKey.Produce, 8, 1, 0)]
    [InlineData(ApiKey.Produce, 9, 2, 1)]
    [InlineData(ApiKey.JoinGroup, 5, 1, 0)]
    public void Header_versions_follow_flexibility_and_its_two_exceptions(ApiKey api, short version, short request, short response)
    {
        Assert.Equal(request, SupportedApis.RequestHeaderVersion(api, version));
        Assert.Equal(response, SupportedApis.ResponseHeaderVersion(api, version));
    }

    [Fact]
    public void A_value_that_the_version_lacks_is_refused_unless_ignorable()
    {
        var request = new ProduceRequest { TransactionalId = "tx" };
        var refused = Assert.Throws<UnsupportedFieldException>(() => Frames.EncodeBody(request, 2));
        Assert.Equal("ProduceRequest.TransactionalId", refused.Field);
        Assert.NotEmpty(Frames.EncodeBody(request, 3));
        Assert.NotEmpty(Frames.EncodeBody(new FetchRequest { RackId = "r" }, 0));
        Assert.Throws<WireFormatException>(() => Frames.EncodeBody(new MetadataRequest { Topics = null }, 0));
    }

    [Fact]
    public void Messages_print_on_one_line()
    {
        var request = new MetadataRequest { Topics = [new() { Name = "a\"b" }], AllowAutoTopicCreation = false };
        Assert.Equal("MetadataRequest{Topics: [{Name: \"a\\\"b\"}], AllowAutoTopicCreation: false}", request.ToString());
    }

    [Fact]
    public void Topic_ids_travel_and_print_as_in_Kafka()
    {
        var id = Uuid.Parse("AAAAAAAAAAEAAAAAAAAAAg");
        Assert.Equal(new Uuid(1, 2), id);
        Assert.Equal("AAAAAAAAAAEAAAAAAAAAAg", id.ToString());
        Assert.Equal("_________3__________-w", new Uuid(0xFFFFFFFFFFFFFF7F, 0xFFFFFFFFFFFFFFFB).ToString());
    }

    [Fact]
    public void Retriable_codes_are_told_from_final_ones()
    {
        Assert.True(ErrorCode.NotLeaderOrFollower.IsRetriable());
        Assert.True(ErrorCode.NotLeaderOrFollower.IsStaleMetadata());
        Assert.True(ErrorCode.NotEnoughReplicas.IsRetriable());
        Assert.False(ErrorCode.NotEnoughReplicas.IsStaleMetadata());
        Assert.False(ErrorCode.None.IsRetriable());
        Assert.False(ErrorCode.OutOfOrderSequenceNumber.IsRetriable());
        Assert.False(ErrorCode.MessageTooLarge.IsRetriable());
    }
}
