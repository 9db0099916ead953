using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Finds the coordinator of a group or transactional id.</summary>
/// <remarks>v1 adds the key type; v4 asks for several keys at once (KIP-699).</remarks>
[ApiMessage(ApiKey.FindCoordinator, MessageKind.Request, "0-4", Flexible = "3+")]
public sealed partial record FindCoordinatorRequest
{
    /// <summary>Group or transactional id.</summary>
    [Field("0-3")]
    public string Key { get; set; } = "";

    /// <summary>0 group, 1 transaction.</summary>
    [Field("1+")]
    public sbyte KeyType { get; set; }

    /// <summary>Groups or transactional ids.</summary>
    [Field("4+")]
    public List<string> CoordinatorKeys { get; set; } = [];
}

/// <summary>Answers <see cref="FindCoordinatorRequest"/>.</summary>
[ApiMessage(ApiKey.FindCoordinator, MessageKind.Response, "0-4", Flexible = "3+")]
public sealed partial record FindCoordinatorResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
    [Field("0-3")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Explanation for people, or null.</summary>
    [Field("1-3", Nullable = "1-3", Ignorable = true)]
    public string? ErrorMessage { get; set; }

    /// <summary>Broker id.</summary>
    [Field("0-3")]
    public int NodeId { get; set; }

    /// <summary>Host name.</summary>
    [Field("0-3")]
    public string Host { get; set; } = "";

    /// <summary>TCP port.</summary>
    [Field("0-3")]
    public int Port { get; set; }

    /// <summary>One entry per key.</summary>
    [Field("4+")]
    public List<Coordinator> Coordinators { get; set; } = [];

    /// <summary>Coordinator.</summary>
    public sealed partial record Coordinator
    {
        /// <summary>Group or transactional id.</summary>
        [Field("4+")]
        public string Key { get; set; } = "";

        /// <summary>Broker id.</summary>
        [Field("4+")]
        public int NodeId { get; set; }

        /// <summary>Host name.</summary>
        [Field("4+")]
        public string Host { get; set; } = "";

        /// <summary>TCP port.</summary>
        [Field("4+")]
        public int Port { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("4+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("4+", Nullable = "4+", Ignorable = true)]
        public string? ErrorMessage { get; set; }
    }
}
