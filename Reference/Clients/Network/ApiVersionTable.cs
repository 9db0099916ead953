using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Network;

/// <summary>The versions that one broker knows.</summary>
internal sealed class ApiVersionTable
{
    private readonly SortedDictionary<short, VersionRange> _ranges = [];

    public ApiVersionTable(IReadOnlyList<ApiVersionsResponse.ApiVersion> entries)
    {
        foreach (var entry in entries) _ranges[(short)entry.ApiKey] = new VersionRange(entry.MinVersion, entry.MaxVersion);
    }

    /// <summary>Nothing is known.</summary>
    public static ApiVersionTable Empty { get; } = new([]);

    /// <summary>The highest common version.</summary>
    /// <exception cref="KafkaException">UnsupportedVersion.</exception>
    public short Highest(ApiKey api, Endpoint broker)
    {
        if (!SupportedApis.TryGet(api, out var ours)) throw new KafkaException(ErrorCode.UnsupportedVersion, $"This client does not know {api}.");
        if (!_ranges.TryGetValue((short)api, out var theirs)) throw new KafkaException(ErrorCode.UnsupportedVersion, $"The broker at {broker} does not offer {api}.");
        var common = ours.Versions.Intersect(theirs);
        return common.IsEmpty
            ? throw new KafkaException(ErrorCode.UnsupportedVersion, $"The broker at {broker} offers {api} {theirs}, this client {ours.Versions}: there is no common version.")
            : common.Max;
    }
}
