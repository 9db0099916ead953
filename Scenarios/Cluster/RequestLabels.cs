using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reference.Wire;
using Simulator.Engine;

namespace Scenarios.Cluster;

/// <summary>
/// Names the requests of Kafka's protocol by the first bytes of a write, so that faults can befall one kind of them: a size, an API
/// key, a version, a correlation id. A frame of an answer begins with the correlation id, whose upper half reads as key 0; so
/// Produce, key 0, gets no name.
/// </summary>
internal static class RequestLabels
{
    private const int HeaderLength = 12;
    private const short HighestVersion = 20;

    /// <summary>The requests by which the brokers keep one another and the controller's word up to date.</summary>
    public static IReadOnlyList<string> Cluster { get; } =
    [
        nameof(ApiKey.Fetch), nameof(ApiKey.LeaderAndIsr), nameof(ApiKey.StopReplica), nameof(ApiKey.UpdateMetadata),
        nameof(ApiKey.OffsetForLeaderEpoch), nameof(ApiKey.ControlledShutdown),
    ];

    /// <summary>The name of a request, or null for what is none or is not to be named.</summary>
    public static string? Of(SimMachine from, SimMachine to, ReadOnlySpan<byte> written)
    {
        if (written.Length < HeaderLength) return null;
        var version = BinaryPrimitives.ReadInt16BigEndian(written[6..]);
        if (version is < 0 or > HighestVersion || BinaryPrimitives.ReadInt32BigEndian(written) < HeaderLength - sizeof(int)) return null;
        return (ApiKey)BinaryPrimitives.ReadInt16BigEndian(written[4..]) switch
        {
            ApiKey.Fetch => nameof(ApiKey.Fetch),
            ApiKey.LeaderAndIsr => nameof(ApiKey.LeaderAndIsr),
            ApiKey.StopReplica => nameof(ApiKey.StopReplica),
            ApiKey.UpdateMetadata => nameof(ApiKey.UpdateMetadata),
            ApiKey.OffsetForLeaderEpoch => nameof(ApiKey.OffsetForLeaderEpoch),
            ApiKey.ControlledShutdown => nameof(ApiKey.ControlledShutdown),
            _ => null,
        };
    }
}
