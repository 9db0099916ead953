using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Reference.Coordination;
using Reference.Coordination.Jute;
using Xunit;

namespace Tests.Reference.Coordination;

/// <summary>Bytes derived by hand from zookeeper.jute of the 3.4–3.9 releases.</summary>
public class JuteTests
{
    [Fact]
    public void The_handshake_of_a_client_with_the_read_only_field()
    {
        const string Bytes =
            "00000000" + "0000000000000007" + "00007530" + "0100000000000002" + "00000010" + "000102030405060708090a0b0c0d0e0f" + "00";
        var request = ConnectRequest.Read(Convert.FromHexString(Bytes));
        Assert.Equal(7, request.LastZxidSeen);
        Assert.Equal(30_000, request.TimeoutMillis);
        Assert.Equal(0x0100000000000002, request.SessionId);
        Assert.Equal(15, request.Password[15]);
        Assert.False(request.ReadOnly);
        Assert.Null(ConnectRequest.Read(Convert.FromHexString(Bytes[..^2])).ReadOnly);
    }

    [Fact]
    public void Create_request()
    {
        var writer = new JuteWriter();
        new RequestHeader(5, OpCode.Create).Write(writer);
        OpCodec.Write(writer, new CreateOp("/a", [0x68, 0x69], CreateMode.EphemeralSequential));
        AssertHex(
            "00000005" + "00000001" + "00000002" + "2f61" + "00000002" + "6869"
            + "00000001" + "0000001f" + "00000005" + "776f726c64" + "00000006" + "616e796f6e65" + "00000003",
            writer);
    }

    [Fact]
    public void Watch_event()
    {
        var writer = new JuteWriter();
        new ReplyHeader(Xid.Notification, -1, CoordinationError.Ok).Write(writer);
        Records.WriteWatchEvent(writer, new WatchEvent(WatchEventType.NodeDataChanged, "/a"));
        AssertHex("ffffffff" + "ffffffffffffffff" + "00000000" + "00000003" + "00000003" + "00000002" + "2f61", writer);
    }

    [Fact]
    public void Stat()
    {
        var writer = new JuteWriter();
        Records.WriteStat(writer, new ZnodeStat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        AssertHex(
            "0000000000000001" + "0000000000000002" + "0000000000000003" + "0000000000000004" + "00000005" + "00000006" + "00000007"
            + "0000000000000008" + "00000009" + "0000000a" + "000000000000000b",
            writer);
    }

    [Fact]
    public void Multi_request_and_a_failed_reply()
    {
        var request = new JuteWriter();
        MultiCodec.WriteRequest(request, [new CheckOp("/a", 3), new DeleteOp("/b", -1)]);
        AssertHex(
            "0000000d" + "00" + "ffffffff" + "00000002" + "2f61" + "00000003"
            + "00000002" + "00" + "ffffffff" + "00000002" + "2f62" + "ffffffff"
            + "ffffffff" + "01" + "ffffffff",
            request);

        var reply = new JuteWriter();
        OpResult[] results = [new(CoordinationError.BadVersion), new(CoordinationError.RuntimeInconsistency)];
        MultiCodec.WriteResponse(reply, [OpCode.Check, OpCode.Delete], results, failed: true);
        AssertHex(
            "ffffffff" + "00" + "ffffff99" + "ffffff99" + "ffffffff" + "00" + "fffffffe" + "fffffffe" + "ffffffff" + "01" + "ffffffff",
            reply);
    }

    [Fact]
    public void Null_strings_buffers_and_vectors_read_as_empty()
    {
        var reader = new JuteReader(Convert.FromHexString("ffffffffffffffffffffffff"));
        Assert.Equal("", reader.ReadString());
        Assert.Empty(reader.ReadBytes());
        Assert.Empty(reader.ReadStrings());
    }

    [Fact]
    public void Random_bytes_never_do_worse_than_a_typed_error() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (OpCode code in (OpCode[])[OpCode.Create, OpCode.SetData, OpCode.SetAcl, OpCode.Check, OpCode.Multi, OpCode.SetWatches])
            {
                try
                {
                    var reader = new JuteReader(bytes);
                    if (code == OpCode.Multi) MultiCodec.ReadRequest(ref reader, new List<OpCode>(), out _, out _);
                    else if (code == OpCode.SetWatches) SetWatchesRequest.Read(ref reader);
                    else OpCodec.Read(ref reader, code, out _);
                }
                catch (JuteException)
                {
                    // the one permitted way to refuse
                }
            }
        }).QuickCheckThrowOnFailure();

    private static void AssertHex(string expected, JuteWriter actual) =>
        Assert.Equal(expected, Convert.ToHexString(actual.Written.Span).ToLowerInvariant());
}
