using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Tells which APIs and versions a broker serves.</summary>
/// <remarks>The response header is version 0 in every version. v3 is flexible and names the client software (KIP-511); v4 repairs features whose least version is 0.</remarks>
[ApiMessage(ApiKey.ApiVersions, MessageKind.Request, "0-4", Flexible = "3+")]
public sealed partial record ApiVersionsRequest
{
    /// <summary>Name of the client library.</summary>
    [Field("3+", Ignorable = true)]
    public string ClientSoftwareName { get; set; } = "";

    /// <summary>Version of the client library.</summary>
    [Field("3+", Ignorable = true)]
    public string ClientSoftwareVersion { get; set; } = "";
}

/// <summary>Answers <see cref="ApiVersionsRequest"/>.</summary>
[ApiMessage(ApiKey.ApiVersions, MessageKind.Response, "0-4", Flexible = "3+")]
public sealed partial record ApiVersionsResponse
{
    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>APIs served.</summary>
    [Field("0+")]
    public List<ApiVersion> ApiKeys { get; set; } = [];

    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Features the broker knows.</summary>
    [Field("3+", Tag = 0, Ignorable = true)]
    public List<SupportedFeatureKey> SupportedFeatures { get; set; } = [];

    /// <summary>Epoch of the finalized features, or -1.</summary>
    [Field("3+", Tag = 1, Ignorable = true)]
    public long FinalizedFeaturesEpoch { get; set; } = -1;

    /// <summary>Features in force over the cluster.</summary>
    [Field("3+", Tag = 2, Ignorable = true)]
    public List<FinalizedFeatureKey> FinalizedFeatures { get; set; } = [];

    /// <summary>Set during a migration to KRaft only.</summary>
    [Field("3+", Tag = 3, Ignorable = true)]
    public bool ZkMigrationReady { get; set; }

    /// <summary>Api version.</summary>
    public sealed partial record ApiVersion
    {
        /// <summary>API.</summary>
        [Field("0+")]
        public ApiKey ApiKey { get; set; }

        /// <summary>First version.</summary>
        [Field("0+")]
        public short MinVersion { get; set; }

        /// <summary>Last version.</summary>
        [Field("0+")]
        public short MaxVersion { get; set; }
    }

    /// <summary>Supported feature key.</summary>
    public sealed partial record SupportedFeatureKey
    {
        /// <summary>Name.</summary>
        [Field("3+")]
        public string Name { get; set; } = "";

        /// <summary>First version.</summary>
        [Field("3+")]
        public short MinVersion { get; set; }

        /// <summary>Last version.</summary>
        [Field("3+")]
        public short MaxVersion { get; set; }
    }

    /// <summary>Finalized feature key.</summary>
    public sealed partial record FinalizedFeatureKey
    {
        /// <summary>Name.</summary>
        [Field("3+")]
        public string Name { get; set; } = "";

        /// <summary>Last level in force.</summary>
        [Field("3+")]
        public short MaxVersionLevel { get; set; }

        /// <summary>First level in force.</summary>
        [Field("3+")]
        public short MinVersionLevel { get; set; }
    }
}
