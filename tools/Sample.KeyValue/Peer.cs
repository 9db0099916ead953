using System;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform.Services;

namespace tools.Sample.KeyValue;

/// <summary>Another replica: a line protocol over one connection, one question at a time.</summary>
public sealed class Peer(NodeContext node, ReplicaAddress address, TimeSpan timeout)
{
    private readonly SemaphoreSlim _turn = new(1);
    private NodeStream? _stream;
    private StreamReader? _reader;

    /// <summary>Asks; null if no answer came in time.</summary>
    public async Task<PeerReply?> AskAsync(PeerRequest request)
    {
        var asked = node.Time.GetTimestamp();
        await _turn.WaitAsync();
        try
        {
            if (node.Time.GetElapsedTime(asked) > timeout) return null; // those before it have taken all the time
            using var deadline = new CancellationTokenSource(timeout, node.Time);
            if (_stream is null)
            {
                _stream = await node.Network.ConnectAsync(address.Replication, timeout, deadline.Token);
                _reader = new StreamReader(_stream);
            }

            await _stream.WriteAsync(JsonLine.Of(request), deadline.Token);
            if (await _reader!.ReadLineAsync(deadline.Token) is { } line) return JsonSerializer.Deserialize<PeerReply>(line);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // As good as no answer.
        }
        finally
        {
            _turn.Release();
        }

        // Whatever is still under way on this connection must not be taken for the answer to another question.
        _stream?.Dispose();
        _stream = null;
        return null;
    }
}

/// <summary>One line of JSON.</summary>
internal static class JsonLine
{
    public static byte[] Of<T>(T message) => [.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n'];
}
