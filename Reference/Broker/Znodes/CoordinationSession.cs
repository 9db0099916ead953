using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <summary>
/// The broker's standing access to the coordination store: holds a client, makes a new one when its session expires, tells
/// those who keep ephemeral znodes or watches, and repeats requests that a lost connection or an expired session cut off.
/// </summary>
public sealed class CoordinationSession
{
    private readonly Node _node;
    private readonly ILogger _log;
    private readonly List<Action> _expired = [];
    private readonly List<Action> _established = [];
    private CoordinationClient _client;
    private bool _closed;

    /// <summary>A session not yet started.</summary>
    /// <exception cref="FormatException">The connect string is malformed.</exception>
    public CoordinationSession(Node node, CoordinationClientOptions options)
    {
        _node = node;
        _log = node.Logs.CreateLogger<CoordinationSession>();
        _client = new CoordinationClient(node, options);
    }

    /// <summary>The wait before a request is repeated.</summary>
    public static TimeSpan RetryPause { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The client in use; another one after an expiry.</summary>
    public CoordinationClient Client => _client;

    /// <summary>Counts the sessions, from 1; grows at the moment a session is known to have expired.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>The id of the present session.</summary>
    public long SessionId => _client.SessionId;

    /// <summary>The id of the session before, or 0.</summary>
    public long PastSessionId { get; private set; }

    /// <summary>Opens the first session.</summary>
    /// <exception cref="CoordinationException">ConnectionLoss: no server in time.</exception>
    public async LoopTask Start()
    {
        Follow(_client);
        await _client.Start();
    }

    /// <summary>
    /// Asks to be told, in the order of subscription: <paramref name="expired"/> at the moment a session is known to be over, when
    /// its watches and ephemeral znodes are gone, and <paramref name="established"/> when the next one stands (not for the first).
    /// </summary>
    public void Subscribe(Action expired, Action established)
    {
        _expired.Add(expired);
        _established.Add(established);
    }

    /// <summary>Ends the session and its ephemeral znodes; what is waiting fails with SessionExpired.</summary>
    public LoopTask Close()
    {
        _closed = true;
        return _client.Close();
    }

    /// <summary>Makes the root below which this cluster lives, unless it exists.</summary>
    /// <exception cref="CoordinationException">SessionExpired after <see cref="Close"/>.</exception>
    public LoopTask EnsureRoot() => Read(async client =>
    {
        await client.EnsureRoot();
        return default(Nothing);
    }).AsVoid();

    /// <summary>A znode's data.</summary>
    /// <exception cref="CoordinationException">NoNode; SessionExpired after <see cref="Close"/>.</exception>
    public LoopTask<ZnodeData> Get(string path, Action<WatchEvent>? watch = null) => Read(client => client.GetData(path, watch));

    /// <summary>A znode's data, or null if it is not there (then nothing is watched).</summary>
    public async LoopTask<ZnodeData?> TryGet(string path, Action<WatchEvent>? watch = null)
    {
        try
        {
            return await Get(path, watch);
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NoNode)
        {
            return null;
        }
    }

    /// <summary>A znode's stat, or null; watches for its coming, going and change.</summary>
    public LoopTask<ZnodeStat?> Exists(string path, Action<WatchEvent>? watch = null) => Read(client => client.Exists(path, watch));

    /// <summary>A znode's children.</summary>
    /// <exception cref="CoordinationException">NoNode; SessionExpired after <see cref="Close"/>.</exception>
    public LoopTask<ZnodeChildren> Children(string path, Action<WatchEvent>? watch = null) => Read(client => client.GetChildren(path, watch));

    /// <summary>A znode's children, or null if it is not there (then nothing is watched).</summary>
    public async LoopTask<ZnodeChildren?> TryChildren(string path, Action<WatchEvent>? watch = null)
    {
        try
        {
            return await Children(path, watch);
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NoNode)
        {
            return null;
        }
    }

    /// <summary>Writes all or nothing, in this session or, if it expires meanwhile, in the next.</summary>
    /// <exception cref="CoordinationException">SessionExpired after <see cref="Close"/>.</exception>
    public LoopTask<WriteResult> Write(IReadOnlyList<CoordinationOp> ops) => Write(ops, null);

    /// <summary>Writes all or nothing in the session of that generation, and no other: for what must go with it.</summary>
    /// <exception cref="CoordinationException">SessionExpired: that session is over.</exception>
    public LoopTask<WriteResult> WriteInSession(int generation, IReadOnlyList<CoordinationOp> ops) => Write(ops, generation);

    private async LoopTask<WriteResult> Write(IReadOnlyList<CoordinationOp> ops, int? generation)
    {
        var doubtful = false;
        while (true)
        {
            if (generation is { } bound && bound != Generation)
            {
                throw new CoordinationException(CoordinationError.SessionExpired, "The session in which this was to be written has expired.") { OutcomeUnknown = doubtful };
            }

            try
            {
                return new WriteResult(CoordinationError.Ok, -1, await _client.Multi(ops), doubtful);
            }
            catch (CoordinationException e) when (IsTransient(e))
            {
                doubtful |= e.OutcomeUnknown;
            }
            catch (CoordinationException e) when (!_closed)
            {
                return new WriteResult(e.Error, e.FailedOperation, [], doubtful);
            }

            await _node.Clock.Delay(RetryPause);
        }
    }

    private async LoopTask<T> Read<T>(Func<CoordinationClient, LoopTask<T>> read)
    {
        while (true)
        {
            try
            {
                return await read(_client);
            }
            catch (CoordinationException e) when (IsTransient(e))
            {
                _log.LogDebug("Reading again: {Reason}", e.Message);
            }

            await _node.Clock.Delay(RetryPause);
        }
    }

    private bool IsTransient(CoordinationException e) => !_closed
        && e.Error is (CoordinationError.ConnectionLoss or CoordinationError.OperationTimeout or CoordinationError.SessionExpired or CoordinationError.SessionMoved);

    private void Follow(CoordinationClient client) => client.Expired += () => Expired(client);

    private void Expired(CoordinationClient client)
    {
        if (client != _client || _closed) return;
        PastSessionId = client.SessionId;
        Generation++;
        _client = client.Renew();
        Follow(_client);
        _node.Spawn(Reopen(_client));
        foreach (var listener in _expired) listener();
    }

    private async LoopTask Reopen(CoordinationClient client)
    {
        while (!_closed)
        {
            try
            {
                await client.Start();
                if (client == _client && !_closed)
                {
                    foreach (var listener in _established) listener();
                }

                return;
            }
            catch (CoordinationException e)
            {
                _log.LogWarning("No new session yet: {Reason}", e.Message);
            }

            // The session was never established, so nothing hangs on it: the same generation goes on with another client.
            client = _client = client.Renew();
            Follow(client);
        }
    }
}
