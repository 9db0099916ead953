using System.Collections.Generic;

namespace Reference.Wire;

/// <summary>An API that has a declared request and response.</summary>
/// <param name="Key">API.</param>
/// <param name="Versions">Versions that can be read and written.</param>
/// <param name="FlexibleVersions">Versions with compact lengths and tagged fields; open upwards.</param>
public readonly record struct SupportedApi(ApiKey Key, VersionRange Versions, VersionRange FlexibleVersions);

/// <summary>The table of declared APIs, generated from the messages: what ApiVersions may advertise.</summary>
public static partial class SupportedApis
{
    /// <summary>All declared APIs by ascending key.</summary>
    public static IReadOnlyList<SupportedApi> All => s_all;

    /// <summary>Finds an API.</summary>
    public static bool TryGet(ApiKey key, out SupportedApi api)
    {
        foreach (var candidate in s_all)
        {
            if (candidate.Key == key)
            {
                api = candidate;
                return true;
            }
        }

        api = default;
        return false;
    }

    /// <summary>Tells whether a version of an API is declared.</summary>
    public static bool IsSupported(ApiKey key, short version) => TryGet(key, out var api) && api.Versions.Contains(version);

    /// <summary>
    /// Header version of a request: 2 in flexible versions, else 1; version 0 of ControlledShutdown predates client
    /// ids and uses 0. Holds for versions above the declared ones too, since a header must be readable to refuse them.
    /// </summary>
    public static short RequestHeaderVersion(ApiKey key, short version)
    {
        if (key == ApiKey.ControlledShutdown && version == 0)
            return 0;
        return TryGet(key, out var api) && api.FlexibleVersions.Contains(version) ? (short)2 : (short)1;
    }

    /// <summary>
    /// Header version of a response: 1 in flexible versions, else 0. ApiVersions always uses 0, since a client reads
    /// it before it knows what the broker speaks (KIP-511).
    /// </summary>
    public static short ResponseHeaderVersion(ApiKey key, short version) =>
        key != ApiKey.ApiVersions && TryGet(key, out var api) && api.FlexibleVersions.Contains(version) ? (short)1 : (short)0;
}
