using System;
using Microsoft.Extensions.Logging;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Clients.Network;

/// <summary>
/// The way to one broker: dials when first needed, negotiates versions by ApiVersions, dials again with a growing pause after a
/// loss. Requests leave in the order of the calls once it is ready.
/// </summary>
internal sealed class BrokerConnection
{
    private readonly Node _node;
    private readonly ClientOptions _options;
    private readonly Backoff _backoff;
    private readonly ILogger _log;
    private RpcClientConnection? _connection;
    private ApiVersionTable _versions = ApiVersionTable.Empty;
    private LoopPromise<Nothing>? _connecting;
    private long _notBeforeMicros;
    private int _correlation;
    private bool _closed;

    public BrokerConnection(Node node, ClientOptions options, Endpoint endpoint)
    {
        _node = node;
        _options = options;
        Endpoint = endpoint;
        _backoff = new Backoff(options.ReconnectBackoff, options.ReconnectBackoffMax, node.Random.Stream("client-reconnect"));
        _log = node.Logs.CreateLogger<BrokerConnection>();
    }

    /// <summary>Where the broker listens.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>True when a request would leave at once.</summary>
    public bool IsReady => _connection is { IsOpen: true } && _connecting is null;

    /// <summary>True while dialling has failed and the pause before the next attempt has not passed.</summary>
    public bool IsBackingOff => !IsReady && _connecting is null && _node.Clock.MonotonicMicros < _notBeforeMicros;

    /// <summary>True if there is no connection and the last attempt at one failed, however long ago.</summary>
    public bool HasFailed => !IsReady && _notBeforeMicros > 0;

    /// <summary>Called when a connection has ended that this side has not closed.</summary>
    public Action? Lost { get; set; }

    /// <summary>Requests without an answer, sent or waiting.</summary>
    public int Load => _connection is { IsOpen: true } open ? open.InFlight + open.Waiting : 0;

    /// <summary>The highest version of an API that both sides know.</summary>
    /// <exception cref="KafkaException">UnsupportedVersion: there is none.</exception>
    public short VersionOf(ApiKey api) => _versions.Highest(api, Endpoint);

    /// <summary>Makes it ready, waiting out the pause after a failure. Callers share one attempt.</summary>
    /// <exception cref="KafkaException">NetworkException; nothing has been sent.</exception>
    public LoopTask Ready()
    {
        if (_closed) throw new KafkaException(ErrorCode.NetworkException, $"The client has closed its connection to {Endpoint}.");
        if (IsReady) return LoopTask.Completed;
        if (_connecting is { } underway) return new LoopTask(underway.Task);
        var connecting = _connecting = new LoopPromise<Nothing>();
        _node.Spawn(Open(connecting)); // may end at once: a port of this machine can refuse without a wait
        return new LoopTask(connecting.Task);
    }

    /// <summary>Sends a request and reads its answer. Call <see cref="Ready"/> before.</summary>
    /// <exception cref="KafkaException">No answer; its outcome tells whether the request may have had an effect.</exception>
    public async LoopTask<TResponse> Send<TRequest, TResponse>(TRequest request, short version, TimeSpan timeout)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse>
    {
        var connection = _connection ?? throw new KafkaException(ErrorCode.NetworkException, $"There is no connection to {Endpoint}.");
        var correlation = NextCorrelation();
        var frame = OutgoingFrame.Ready(Frames.EncodeRequest(request, version, correlation, _options.ClientId));
        try
        {
            var answer = await connection.Send(correlation, frame, timeout);
            return Frames.DecodeResponse<TResponse>(answer, version, out _);
        }
        catch (RpcException e)
        {
            throw ClientErrors.From(e);
        }
        catch (WireException e)
        {
            throw ClientErrors.From(e);
        }
    }

    /// <summary>Sends a request that the broker does not answer (Produce with acks 0).</summary>
    /// <exception cref="KafkaException">The connection was lost before.</exception>
    public async LoopTask SendOneWay<TRequest>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
    {
        var connection = _connection ?? throw new KafkaException(ErrorCode.NetworkException, $"There is no connection to {Endpoint}.");
        try
        {
            await connection.SendOneWay(OutgoingFrame.Ready(Frames.EncodeRequest(request, version, NextCorrelation(), _options.ClientId)));
        }
        catch (RpcException e)
        {
            throw ClientErrors.From(e);
        }
    }

    /// <summary>Closes for good; requests without an answer fail.</summary>
    public async LoopTask Close()
    {
        _closed = true;
        if (_connection is not null) await _connection.Close();
    }

    private void OnClosed(RpcException end)
    {
        if (end.Failure != RpcFailure.Closed) Lost?.Invoke();
    }

    private int NextCorrelation() => _correlation = _correlation == int.MaxValue ? 1 : _correlation + 1;

    private async LoopTask Open(LoopPromise<Nothing> outcome)
    {
        try
        {
            var pause = _notBeforeMicros - _node.Clock.MonotonicMicros;
            if (pause > 0) await _node.Clock.Delay(TimeSpan.FromMicroseconds(pause));
            _connection = await RpcClientConnection.Connect(_node, Endpoint, new RpcClientOptions
            {
                MaxInFlight = _options.InFlightPerConnection,
                ConnectTimeout = _options.ConnectTimeout,
                OnClosed = OnClosed,
            });
            _versions = await Negotiate();
            _backoff.Reset();
            _notBeforeMicros = 0;
            if (_closed) await _connection.Close();
            _connecting = null;
            outcome.TrySetResult(default);
        }
        catch (Exception e) when (e is RpcException or KafkaException)
        {
            _notBeforeMicros = _node.Clock.MonotonicMicros + (long)_backoff.Next().TotalMicroseconds;
            if (_connection is { IsOpen: true } half) await half.Close();
            _connection = null;
            _connecting = null;
            _log.LogDebug("No connection to {Endpoint}: {Reason}", Endpoint, e.Message);
            outcome.TrySetException(new KafkaException(ErrorCode.NetworkException, e.Message, isUnknownOutcome: false, e));
        }
    }

    /// <summary>Asks in the highest version known here; a broker that does not know it answers in version 0 with what it knows (KIP-511).</summary>
    private async LoopTask<ApiVersionTable> Negotiate()
    {
        var request = new ApiVersionsRequest { ClientSoftwareName = "reference-client", ClientSoftwareVersion = "0.1.0" };
        var version = ApiVersionsRequest.Versions.Max;
        while (true)
        {
            var answer = await Ask(request, version);
            if (answer.ErrorCode == ErrorCode.None) return new ApiVersionTable(answer.ApiKeys);
            if (answer.ErrorCode != ErrorCode.UnsupportedVersion || version == 0)
                throw ClientErrors.Refused(answer.ErrorCode, $"{Endpoint} does not tell its API versions");
            version = 0;
        }
    }

    private async LoopTask<ApiVersionsResponse> Ask(ApiVersionsRequest request, short version)
    {
        var correlation = NextCorrelation();
        var frame = OutgoingFrame.Ready(Frames.EncodeRequest(request, version, correlation, _options.ClientId));
        var answer = await _connection!.Send(correlation, frame, _options.RequestTimeout);
        return Decode(answer, version);
    }

    private static ApiVersionsResponse Decode(ReadOnlyMemory<byte> answer, short version)
    {
        try
        {
            var reader = new WireReader(answer);
            ResponseHeader.Read(ref reader, ApiKey.ApiVersions, version);
            if ((ErrorCode)reader.ReadInt16() == ErrorCode.UnsupportedVersion) return new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion };
            return Frames.DecodeResponse<ApiVersionsResponse>(answer, version, out _);
        }
        catch (WireException e)
        {
            throw ClientErrors.From(e);
        }
    }
}
