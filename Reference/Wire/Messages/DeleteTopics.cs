using System.Collections.Generic;
using Reference.Wire.Schema;

namespace Reference.Wire.Messages;

/// <summary>Deletes topics.</summary>
/// <remarks>v5 adds error messages; v6 names topics by name or id.</remarks>
[ApiMessage(ApiKey.DeleteTopics, MessageKind.Request, "0-6", Flexible = "4+")]
public sealed partial record DeleteTopicsRequest
{
    /// <summary>One entry per topic.</summary>
    [Field("6+")]
    public List<DeleteTopicState> Topics { get; set; } = [];

    /// <summary>Topic names.</summary>
    [Field("0-5", Ignorable = true)]
    public List<string> TopicNames { get; set; } = [];

    /// <summary>How long the broker may wait, in milliseconds.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>Delete topic state.</summary>
    public sealed partial record DeleteTopicState
    {
        /// <summary>Name.</summary>
        [Field("6+", Nullable = "6+")]
        public string? Name { get; set; }

        /// <summary>Topic id.</summary>
        [Field("6+")]
        public Uuid TopicId { get; set; }
    }
}

/// <summary>Answers <see cref="DeleteTopicsRequest"/>.</summary>
[ApiMessage(ApiKey.DeleteTopics, MessageKind.Response, "0-6", Flexible = "4+")]
public sealed partial record DeleteTopicsResponse
{
    /// <summary>How long the client was throttled, in milliseconds.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>One entry per topic.</summary>
    [Field("0+")]
    public List<DeletableTopicResult> Responses { get; set; } = [];

    /// <summary>Deletable topic result.</summary>
    public sealed partial record DeletableTopicResult
    {
        /// <summary>Name.</summary>
        [Field("0+", Nullable = "6+")]
        public string? Name { get; set; }

        /// <summary>Topic id.</summary>
        [Field("6+", Ignorable = true)]
        public Uuid TopicId { get; set; }

        /// <summary>Outcome; <see cref="ErrorCode.None"/> on success.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>Explanation for people, or null.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public string? ErrorMessage { get; set; }
    }
}
