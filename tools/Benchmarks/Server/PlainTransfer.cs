using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace tools.Benchmarks.Server;

/// <summary>
/// The baseline of producing: chunks over a loopback socket, which the other end appends to a file and answers with a byte each. No
/// protocol, no checksum, no index, no other client.
/// </summary>
internal sealed class PlainTransfer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Thread _serving;
    private readonly string _file;
    private readonly byte[] _chunk;
    private readonly byte[] _answer = new byte[1];

    /// <summary>Both ends, connected.</summary>
    /// <param name="file">The file that is appended to.</param>
    /// <param name="chunkBytes">Bytes that are sent, written and answered at once.</param>
    public PlainTransfer(string file, int chunkBytes)
    {
        _file = file;
        _chunk = new byte[chunkBytes];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = new Thread(Serve);
        _serving.Start();
        _client.Connect(_listener.LocalEndPoint!);
    }

    /// <summary>Sends at least so many bytes with so many chunks unanswered at a time, and gives the bytes per second.</summary>
    public double Throughput(long bytes, int inFlight, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var chunks = (bytes + _chunk.Length - 1) / _chunk.Length;
        for (long sent = 0, answered = 0; answered < chunks;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (sent < chunks && sent - answered < inFlight)
            {
                _client.Send(_chunk);
                sent++;
            }
            else
            {
                TakeAnswer();
                answered++;
            }
        }

        return chunks * _chunk.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Sends a chunk at each of the times given by the rate, and gives how long after that time each was answered, in ms.</summary>
    public IReadOnlyList<double> Latencies(int count, int perSecond, CancellationToken cancellation)
    {
        var latencies = new List<double>(count);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            WaitUntil(started, due);
            _client.Send(_chunk);
            TakeAnswer();
            latencies.Add((Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds);
        }

        return latencies;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _listener.Dispose();
        _serving.Join();
    }

    /// <summary>Waits without the processor until shortly before the time, and then with it.</summary>
    private void WaitUntil(long started, TimeSpan due)
    {
        if (due - Stopwatch.GetElapsedTime(started) is { TotalMilliseconds: > 2 } early) _serving.Join(early - TimeSpan.FromMilliseconds(1)); // ends early if the other end is gone
        while (Stopwatch.GetElapsedTime(started) < due) Thread.SpinWait(20);
    }

    private void TakeAnswer()
    {
        if (_client.Receive(_answer) == 0) throw new IOException("The plain transfer's other end is gone.");
    }

    private void Serve()
    {
        try
        {
            using var peer = _listener.Accept();
            peer.NoDelay = true;
            using var stream = new NetworkStream(peer);
            using var file = new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            var chunk = new byte[_chunk.Length];
            while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
            {
                file.Write(chunk);
                stream.WriteByte(1);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The client is gone; it notices by the answer that does not come.
        }
    }
}
