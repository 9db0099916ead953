using System;
using Reference.Wire;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>A request's surroundings.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Remote">Who sent it.</param>
public sealed record RequestContext(RequestHeader Header, Endpoint Remote)
{
    /// <summary>Version of the API.</summary>
    public short Version => Header.ApiVersion;
}

/// <summary>Answers one API.</summary>
public interface IRequestHandler
{
    /// <summary>The API.</summary>
    ApiKey Api { get; }

    /// <summary>The versions answered, as advertised.</summary>
    VersionRange Versions { get; }

    /// <summary>Answers a request of a version within <see cref="Versions"/>; null: the request wants no answer.</summary>
    /// <param name="body">The bytes after the header; valid until the task ends.</param>
    /// <param name="context">The request's surroundings.</param>
    /// <exception cref="WireFormatException">The body is malformed.</exception>
    LoopTask<IApiMessage?> Handle(ReadOnlyMemory<byte> body, RequestContext context);
}

/// <summary>Answers one API with its typed messages.</summary>
public abstract class RequestHandler<TRequest, TResponse> : IRequestHandler
    where TRequest : IRequest<TRequest, TResponse>
    where TResponse : class, IResponse<TResponse>
{
    /// <inheritdoc/>
    public ApiKey Api => TRequest.Api;

    /// <inheritdoc/>
    public virtual VersionRange Versions => TRequest.Versions;

    /// <inheritdoc/>
    public async LoopTask<IApiMessage?> Handle(ReadOnlyMemory<byte> body, RequestContext context) =>
        await Handle(Decode(body, context.Version), context);

    /// <summary>Answers; null: no answer is wanted.</summary>
    public abstract LoopTask<TResponse?> Handle(TRequest request, RequestContext context);

    private static TRequest Decode(ReadOnlyMemory<byte> body, short version)
    {
        var reader = new WireReader(body);
        return TRequest.Read(ref reader, version);
    }
}
