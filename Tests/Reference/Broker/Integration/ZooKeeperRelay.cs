using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Tests.Reference.Broker.Integration;

/// <summary>A request that changes the store, as it went over the relay.</summary>
/// <param name="Number">Counts them from 0.</param>
/// <param name="Text">The whole frame; paths and JSON stand in it as they are.</param>
internal sealed record RelayedWrite(int Number, string Text);

/// <summary>
/// Stands between a broker and ZooKeeper, knows its frames, and does what a bad network does at the worst moment: replies come late or
/// not at all, a write is carried out and its reply lost, connections break and are refused.
/// </summary>
internal sealed class ZooKeeperRelay : IAsyncDisposable
{
    private const int Create2 = 15;
    private const int HeaderBytes = 8;
    private static readonly HashSet<int> s_writes = [1, 2, 5, 14, Create2]; // create, delete, setData, multi
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<RelayedWrite> _seen = [];
    private readonly List<TcpClient> _open = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private TaskCompletionSource _flow = Flowing();
    private Func<RelayedWrite, bool>? _loses;
    private Func<long, Task> _meanwhile = static _ => Task.CompletedTask;
    private volatile bool _refuses;
    private int _attempts;
    private int _lost;

    public ZooKeeperRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = Accept();
    }

    public string ConnectString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How late each reply is.</summary>
    public TimeSpan Lateness { get; set; }

    /// <summary>Connections that were asked for, refused ones among them.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Number of replies that were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>All requests that changed the store, in their order.</summary>
    public IReadOnlyList<RelayedWrite> Writes
    {
        get
        {
            lock (_gate) return [.. _seen];
        }
    }

    /// <summary>Once, a write of that kind is carried out, its reply is lost and the connection breaks; before it breaks this is waited for, which is given the session.</summary>
    public void LoseReplyOf(Func<RelayedWrite, bool> write, Func<long, Task>? meanwhile = null)
    {
        _meanwhile = meanwhile ?? _meanwhile;
        _loses = write;
    }

    /// <summary>Breaks all connections and refuses new ones, until <see cref="Admit"/>.</summary>
    public void Refuse()
    {
        _refuses = true;
        CloseAll();
    }

    public void Admit() => _refuses = false;

    /// <summary>Nothing passes in either direction, until <see cref="Release"/>; no connection is told.</summary>
    public void Hold() => Interlocked.Exchange(ref _flow, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release() => _flow.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Release();
        CloseAll();
        await _accepting;
        _stopping.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private void CloseAll()
    {
        lock (_gate)
        {
            _open.ForEach(c => c.Close());
            _open.Clear();
        }
    }

    private async Task Accept()
    {
        var relaying = new List<Task>();
        try
        {
            while (true) relaying.Add(Relay(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relaying);
        }
    }

    private async Task Relay(TcpClient client)
    {
        Interlocked.Increment(ref _attempts);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                if (_refuses) return;
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                lock (_gate) _open.AddRange([client, server]);
                var link = new Link(client.GetStream(), server.GetStream());
                var first = await Task.WhenAny(Ask(link), Answer(link));
                client.Close();
                server.Close();
                await first;
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The connection is over, on whichever side.
            }
        }
    }

    private async Task Ask(Link link)
    {
        for (var isFirst = true; await ReadFrame(link.Client) is { } frame; isFirst = false)
        {
            if (!isFirst) Note(link, frame);
            await _flow.Task;
            await link.Server.WriteAsync(frame, _stopping.Token);
        }
    }

    private async Task Answer(Link link)
    {
        for (var isFirst = true; await ReadFrame(link.Server) is { } frame; isFirst = false)
        {
            if (isFirst) link.Session = BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(12)); // behind length, protocol and timeout
            else if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) == link.LostXid)
            {
                await _meanwhile(link.Session);
                Interlocked.Increment(ref _lost);
                return;
            }

            if (Lateness > TimeSpan.Zero) await Task.Delay(Lateness, _stopping.Token);
            await _flow.Task;
            await link.Client.WriteAsync(frame, _stopping.Token);
        }
    }

    private void Note(Link link, byte[] frame)
    {
        if (frame.Length < 4 + HeaderBytes || !s_writes.Contains(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8)))) return;
        lock (_gate)
        {
            var write = new RelayedWrite(_seen.Count, Encoding.Latin1.GetString(frame));
            _seen.Add(write);
            if (_loses?.Invoke(write) != true) return;
            _loses = null;
            link.LostXid = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
        }
    }

    /// <summary>A frame with its length in front; null at the end.</summary>
    private async Task<byte[]?> ReadFrame(NetworkStream stream)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, _stopping.Token) < length.Length) return null;
        var frame = new byte[4 + BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4), _stopping.Token);
        return frame;
    }

    private sealed class Link(NetworkStream client, NetworkStream server)
    {
        public NetworkStream Client => client;

        public NetworkStream Server => server;

        public long Session { get; set; }

        public int LostXid { get; set; } = int.MinValue;
    }
}
