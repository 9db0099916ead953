using System;
using System.Text;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire;

/// <summary>
/// Verifies against bytes that we did not make: requests that kcat 1.7.1 (librdkafka 2.0.2) sent to a listener, and
/// responses written down by hand from the protocol's field tables. So an error that reader and writer share shows.
/// </summary>
public sealed class ForeignBytesTests
{
    private const string ProduceV7 =
        "0000000700000003000772646b61666b61ffffffff000075300000000100027474000000010000000000000051"
        + "000000000000000000000045000000000282165ed7000000000000000001a1fc5b6425000001a1fc5b6425"
        + "ffffffffffffffffffffffffffff0000000126000000086b6579310a68656c6c6f0202610262";

    [Fact]
    public void ApiVersions_v3_of_kcat()
    {
        var request = AssertSame<ApiVersionsRequest>("0012000300000001000772646b61666b61000b6c696272646b61666b6106322e302e3200", out var header);
        Assert.Equal(new RequestHeader(ApiKey.ApiVersions, 3, 1, "rdkafka"), header);
        Assert.Equal(("librdkafka", "2.0.2"), (request.ClientSoftwareName, request.ClientSoftwareVersion));
    }

    [Fact]
    public void Metadata_v4_of_kcat()
    {
        var request = AssertSame<MetadataRequest>("0003000400000002000772646b61666b61000000010002747401", out _);
        Assert.Equal("tt", Assert.Single(request.Topics!).Name);
        Assert.True(request.AllowAutoTopicCreation);
    }

    [Fact]
    public void Produce_v7_of_kcat_with_a_record_and_a_header()
    {
        var request = AssertSame<ProduceRequest>(ProduceV7, out _);
        Assert.Equal((null, (short)-1, 30000), (request.TransactionalId, request.Acks, request.TimeoutMs));
        var batch = request.TopicData[0].PartitionData[0].Records!.Value.Span;
        Assert.Equal(RecordBatchVerdict.Sound, RecordBatchValidator.ValidateProduced(batch));
        var record = Assert.Single(Records.Batches.Copy(batch));
        Assert.Equal(("key1", "hello", "a=b;"), (record.Key, record.Value, record.Headers));
    }

    [Fact]
    public void InitProducerId_v1_of_kcat()
    {
        var request = AssertSame<InitProducerIdRequest>("0016000100000003000772646b61666b61ffffffffffff", out _);
        Assert.Equal((null, -1), (request.TransactionalId, request.TransactionTimeoutMs));
    }

    [Fact]
    public void ListOffsets_v1_of_kcat()
    {
        var request = AssertSame<ListOffsetsRequest>("0002000100000004000772646b61666b61ffffffff00000001000274740000000100000000fffffffffffffffe", out _);
        Assert.Equal(-2, request.Topics[0].Partitions[0].Timestamp);
    }

    [Fact]
    public void Fetch_v11_of_kcat()
    {
        var request = AssertSame<FetchRequest>(
            "0001000b00000005000772646b61666b61ffffffff000001f400000001032000000100000000ffffffff00000001000274740000000100000000"
            + "ffffffff0000000000000000ffffffffffffffff00100000000000000000",
            out _);
        Assert.Equal((-1, 500, 1, 52428800), (request.ReplicaId, request.MaxWaitMs, request.MinBytes, request.MaxBytes));
        Assert.Equal((0, -1, 1048576), (request.SessionId, request.SessionEpoch, request.Topics[0].Partitions[0].PartitionMaxBytes));
    }

    /// <summary>Correlation id, error, one API with its tags, throttle time, and no tag section in the header.</summary>
    [Fact]
    public void An_ApiVersions_v3_response_by_hand() => AssertResponse(
        new ApiVersionsResponse { ApiKeys = [new() { ApiKey = ApiKey.Fetch, MinVersion = 0, MaxVersion = 12 }], ThrottleTimeMs = 5 },
        3,
        "00000007" + "0000" + "02" + "0001" + "0000" + "000c" + "00" + "00000005" + "00");

    [Fact]
    public void A_Metadata_v9_response_by_hand() => AssertResponse(
        new MetadataResponse
        {
            Brokers = [new() { NodeId = 1, Host = "h", Port = 9092 }],
            ClusterId = "c",
            ControllerId = 1,
            Topics = [new() { Name = "t", Partitions = [new() { LeaderId = 1, LeaderEpoch = 4, ReplicaNodes = [1], IsrNodes = [1] }] }],
        },
        9,
        "00000007" + "00" + "00000000" // header with tags, throttle time
        + "02" + "00000001" + "0268" + "00002384" + "00" + "00" // broker without rack
        + "0263" + "00000001" // cluster id, controller
        + "02" + "0000" + "0274" + "00" // topic
        + "02" + "0000" + "00000000" + "00000001" + "00000004" + "0200000001" + "0200000001" + "01" + "00" // partition
        + "80000000" + "00" + "80000000" + "00");

    [Fact]
    public void A_Produce_v10_response_by_hand_names_the_new_leader_in_tags() => AssertResponse(
        new ProduceResponse
        {
            Responses =
            [
                new()
                {
                    Name = "t",
                    PartitionResponses = [new() { ErrorCode = ErrorCode.NotLeaderOrFollower, BaseOffset = -1, CurrentLeader = new() { LeaderId = 2, LeaderEpoch = 3 } }],
                },
            ],
            NodeEndpoints = [new() { NodeId = 2, Host = "h", Port = 1 }],
        },
        10,
        "00000007" + "00" + "02" + "0274" + "02" + "00000000" + "0006" + "ffffffffffffffff" + "ffffffffffffffff" + "ffffffffffffffff" + "01" + "00"
        + "01" + "00" + "09" + "00000002" + "00000003" + "00" // tag 0 of 9 bytes: leader, epoch, no tags
        + "00" + "00000000"
        + "01" + "00" + "0d" + "02" + "00000002" + "0268" + "00000001" + "00" + "00"); // tag 0 of 13 bytes: one endpoint

    [Fact]
    public void A_Fetch_v4_response_by_hand() => AssertResponse(
        new FetchResponse
        {
            Responses =
            [
                new()
                {
                    Topic = "t",
                    Partitions = [new() { HighWatermark = 3, AbortedTransactions = null, Records = new byte[] { 0xAA, 0xBB } }],
                },
            ],
        },
        4,
        "00000007" + "00000000" + "00000001" + "000174" + "00000001" + "00000000" + "0000" + "0000000000000003" + "ffffffffffffffff" + "ffffffff" + "00000002" + "aabb");

    [Fact]
    public void ControlledShutdown_v0_has_no_client_id()
    {
        var frame = Frames.EncodeRequest(new ControlledShutdownRequest { BrokerId = 5 }, 0, 9, "dropped");
        Assert.Equal("0000000c" + "0007" + "0000" + "00000009" + "00000005", Convert.ToHexStringLower(frame));
    }

    [Fact]
    public void The_client_id_keeps_its_long_length_in_flexible_headers()
    {
        var frame = Frames.EncodeRequest(new MetadataRequest { Topics = null }, 9, 2, "me");
        Assert.Equal("00000012" + "0003" + "0009" + "00000002" + "0002" + "6d65" + "00" + "00" + "01" + "00" + "00" + "00", Convert.ToHexStringLower(frame));
    }

    [Fact]
    public void Headers_of_unknown_requests_can_be_read()
    {
        var reader = new WireReader(Convert.FromHexString("03e7" + "0005" + "00000001" + "0001" + "78"));
        Assert.Equal(new RequestHeader((ApiKey)999, 5, 1, "x"), RequestHeader.Read(ref reader));
        reader = new WireReader(Convert.FromHexString("0012" + "0063" + "00000001" + "0001" + "78" + "00" + "ffff"));
        Assert.Equal(new RequestHeader(ApiKey.ApiVersions, 99, 1, "x"), RequestHeader.Read(ref reader));
    }

    private static TRequest AssertSame<TRequest>(string hex, out RequestHeader header)
        where TRequest : global::Reference.Wire.Schema.IApiMessage<TRequest>
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        header = RequestHeader.Read(ref reader);
        Assert.Equal(TRequest.Api, header.ApiKey);
        var request = TRequest.Read(ref reader, header.ApiVersion);
        reader.ExpectEnd(typeof(TRequest).Name);
        Assert.Equal(hex, Convert.ToHexStringLower(Frames.EncodeRequest(header, request).AsSpan(Frames.PrefixSize)));
        return request;
    }

    private static void AssertResponse<TResponse>(TResponse response, short version, string hex)
        where TResponse : global::Reference.Wire.Schema.IApiMessage<TResponse>
    {
        var frame = Frames.EncodeResponse(response, version, 7);
        Assert.Equal(hex, Convert.ToHexStringLower(frame.AsSpan(Frames.PrefixSize)));
        var copy = Frames.DecodeResponse<TResponse>(Convert.FromHexString(hex), version, out var correlationId);
        Assert.Equal(7, correlationId);
        Assert.Equal(response, copy);
        Assert.DoesNotContain("\n", new StringBuilder().Append(copy).ToString());
    }
}
