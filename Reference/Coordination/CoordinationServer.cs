using System;
using Microsoft.Extensions.Logging;
using Reference.Coordination.Server;
using Reference.Coordination.Tree;
using Reference.Rpc;
using Simulator.Platform;

namespace Reference.Coordination;

/// <summary>
/// The embedded coordination store of a single machine: ZooKeeper's data model behind ZooKeeper's client protocol, with a synced
/// transaction log and snapshots. For a cluster of machines use a real Apache ZooKeeper ensemble; clients cannot tell the two apart.
/// </summary>
public sealed class CoordinationServer
{
    private readonly Node _node;
    private readonly CoordinationServerOptions _options;
    private readonly ILogger _logger;
    private readonly TransactionLog _log;
    private readonly LoopPromise<Nothing> _stopped = new();
    private Store? _store;
    private RpcServer? _server;

    /// <summary>A server not yet started.</summary>
    public CoordinationServer(Node node, CoordinationServerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SnapshotEvery);
        _node = node;
        _options = options;
        _logger = node.Logs.CreateLogger<CoordinationServer>();
        _log = new TransactionLog(node.Disk, options.DataDirectory, _logger);
    }

    /// <summary>The address with the port really bound.</summary>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    public Endpoint Local => Started(_server).Local;

    /// <summary>The last transaction applied.</summary>
    public long LastZxid => Started(_store).Tree.LastZxid;

    /// <summary>The last transaction known to be durable; null before the start.</summary>
    public long? DurableZxid => _store?.Pipeline.DurableZxid;

    /// <summary>The znodes as of the last transaction applied, for looking only; null before the start.</summary>
    public ZnodeTree? Tree => _store?.Tree;

    /// <summary>Number of open sessions.</summary>
    public int SessionCount => Started(_store).Tree.SessionIds.Count;

    /// <summary>Ends when the server has been stopped; fails with <see cref="StoreHaltedException"/> if its disk failed. The process ends then.</summary>
    public LoopTask Stopped => _stopped.Task.AsVoid();

    /// <summary>Recovers the store and begins to serve. Sessions found are open, their timeouts begin afresh.</summary>
    /// <exception cref="StoreCorruptException">The data directory is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    /// <exception cref="NetworkException">AddressInUse or AddressNotAvailable.</exception>
    public async LoopTask Start()
    {
        if (_store is not null) throw new InvalidOperationException("The coordination server has been started already.");
        var tree = await _log.Recover();
        _store = new Store(_node, _options, _log, tree, Fail);
        if (_options.EndSessionsAtStart) _store.EndAllSessions();
        _server = new RpcServer(
            _node,
            new RpcServerOptions(_options.Endpoint) { MaxFrameBytes = _options.MaxRequestBytes },
            connection => new SessionConnection(_store, connection, () => _server!.ConnectionCount));
        await _server.Start();
        _logger.LogInformation("Coordination store at transaction {Zxid} with {Sessions} sessions serves on {Local}", tree.LastZxid, tree.SessionIds.Count, _server.Local);
    }

    /// <summary>Stops serving; sessions stay open in the log. Connections get <paramref name="grace"/> to take their last replies.</summary>
    public async LoopTask Stop(TimeSpan grace)
    {
        if (_store is null || _server is null) return;
        _store.Stop();
        await _store.Pipeline.Idle();
        await _server.Stop(grace);
        await _store.Pipeline.Idle();
        _log.Close();
        _stopped.TrySetResult(default);
    }

    private void Fail(Exception error)
    {
        var halted = new StoreHaltedException(error);
        _logger.LogError("{Reason}", halted.Message);
        _store?.Stop();
        _log.Close();
        _node.Spawn(Halt(halted));
    }

    private async LoopTask Halt(StoreHaltedException halted)
    {
        if (_server is not null) await _server.Stop(TimeSpan.Zero);
        _stopped.TrySetException(halted);
    }

    private static T Started<T>(T? part) where T : class =>
        part ?? throw new InvalidOperationException("The coordination server has not been started.");
}
