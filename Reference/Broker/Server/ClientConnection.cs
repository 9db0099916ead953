using System;
using Reference.Broker.Handlers;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Rpc;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>
/// One connection: reads a request, answers it, reads the next. So requests are handled and answered in their order, and a client
/// that sends faster than it is served is slowed by its own connection; other connections go on meanwhile.
/// </summary>
/// <remarks>
/// What is malformed or unknown ends this connection with a <see cref="FrameException"/>. The one exception is ApiVersions in an
/// unknown version, which gets an answer in version 0 (KIP-511).
/// </remarks>
internal sealed class ClientConnection(FrameConnection connection, RequestGate gate) : IConnectionHandler
{
    private bool _stopping;
    private bool _isReading;

    public async LoopTask Run()
    {
        while (!_stopping)
        {
            _isReading = true;
            var frame = await connection.Read();
            _isReading = false;
            if (frame is not { } bytes) return;
            IsBusy = true;
            await gate.Opened();
            if (await Answer(bytes) is { } answer) connection.Write(OutgoingFrame.Ready(answer));
            IsBusy = false;
            await connection.Drain(); // slow readers must not pile up answers
        }
    }

    public bool IsBusy { get; private set; }

    public void Stop()
    {
        _stopping = true;
        if (_isReading) Loop.Current.Spawn(connection.Close());
    }

    public void Closed()
    {
    }

    private async LoopTask<byte[]?> Answer(ReadOnlyMemory<byte> frame)
    {
        var header = ReadHeader(frame, out var body);
        if (gate.Handlers.Find(header.ApiKey) is not { } handler)
            throw new FrameException($"{connection.Remote} sent a request of API {(short)header.ApiKey}, which is not served here.");
        if (!handler.Versions.Contains(header.ApiVersion))
        {
            if (header.ApiKey == ApiKey.ApiVersions) return Frames.EncodeResponse(ApiVersionsHandler.Unsupported(), 0, header.CorrelationId);
            throw new FrameException($"{connection.Remote} sent {header.ApiKey} in version {header.ApiVersion}; served are {handler.Versions}.");
        }

        try
        {
            var response = await handler.Handle(body, new RequestContext(header, connection.Remote));
            return response is null ? null : Frames.EncodeResponse(response, header.ApiVersion, header.CorrelationId);
        }
        catch (WireException e)
        {
            // What cannot be encoded in an answer came with the request too.
            throw new FrameException($"{connection.Remote} sent a malformed {header.ApiKey} in version {header.ApiVersion}: {e.Message}", e);
        }
        catch (Exception e) when (e is CoordinationException or MalformedZnodeException)
        {
            // The session was closed while the handler waited for the store, or what stands there is no answer: no fault of this process.
            throw new FrameException($"The {header.ApiKey} of {connection.Remote} is not answered: {e.Message}", e);
        }
    }

    private RequestHeader ReadHeader(ReadOnlyMemory<byte> frame, out ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new WireReader(frame);
            var header = RequestHeader.Read(ref reader);
            body = frame[reader.Position..];
            return header;
        }
        catch (WireException e)
        {
            throw new FrameException($"{connection.Remote} sent a frame of {frame.Length} bytes that does not begin with a request header: {e.Message}", e);
        }
    }
}

/// <summary>Holds requests back until the broker is ready: the port is bound early, requests are served last.</summary>
internal sealed class RequestGate
{
    private readonly LoopPromise<RequestHandlers> _opened = new();

    /// <summary>The handlers, once open.</summary>
    public RequestHandlers Handlers => _opened.Result;

    /// <summary>Lets requests through.</summary>
    public void Open(RequestHandlers handlers) => _opened.TrySetResult(handlers);

    /// <summary>Ends once open.</summary>
    public LoopTask Opened() => _opened.IsCompleted ? LoopTask.Completed : _opened.Task.AsVoid();
}
