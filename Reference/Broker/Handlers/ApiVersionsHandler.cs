using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>
/// ApiVersions: which APIs and versions this broker answers; exactly those that have a handler.
/// </summary>
/// <remarks>
/// An unknown version is answered in version 0 with UNSUPPORTED_VERSION, since a client asks before it knows anything (KIP-511).
/// v3 carries the client's name and version, v4 lifts a restriction on features.
/// </remarks>
public sealed class ApiVersionsHandler(RequestHandlers handlers) : RequestHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    /// <inheritdoc/>
    public override LoopTask<ApiVersionsResponse?> Handle(ApiVersionsRequest request, RequestContext context) =>
        LoopTask.FromResult<ApiVersionsResponse?>(new ApiVersionsResponse { ApiKeys = Advertised() });

    /// <summary>The answer to a version that is not known, to be sent in version 0.</summary>
    public static ApiVersionsResponse Unsupported()
    {
        var own = new ApiVersionsResponse.ApiVersion
        {
            ApiKey = ApiKey.ApiVersions,
            MinVersion = ApiVersionsRequest.Versions.Min,
            MaxVersion = ApiVersionsRequest.Versions.Max,
        };
        return new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [own] };
    }

    private List<ApiVersionsResponse.ApiVersion> Advertised()
    {
        var list = new List<ApiVersionsResponse.ApiVersion>();
        foreach (var handler in handlers.All)
        {
            list.Add(new ApiVersionsResponse.ApiVersion
            {
                ApiKey = handler.Api,
                MinVersion = handler.Versions.Min,
                MaxVersion = handler.Versions.Max,
            });
        }

        return list;
    }
}
