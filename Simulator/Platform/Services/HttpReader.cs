using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>
/// Reads messages of HTTP/1.1 (RFC 9112) from a stream: lines of a head, and bodies by length, in chunks or to the end. Bodies are
/// read whole. Awaits with <c>ConfigureAwait(false)</c>, since <see cref="HttpClient"/> does so too.
/// </summary>
internal sealed class HttpReader(Stream stream)
{
    private const int MaxHeadBytes = 64 * 1024;
    private const int MaxBodyBytes = 64 * 1024 * 1024;
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>The first line and the headers; null if the stream ends before the first byte.</summary>
    /// <exception cref="IOException">Malformed, too long or cut short.</exception>
    public async Task<HttpHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        if (_start == _end && !await FillAsync(cancellation).ConfigureAwait(false)) return null;
        var budget = MaxHeadBytes;
        var first = await ReadLineAsync(budget, cancellation).ConfigureAwait(false);
        var headers = new List<(string Name, string Value)>();
        while (true)
        {
            var line = await ReadLineAsync(budget, cancellation).ConfigureAwait(false);
            if (line.Length == 0) return new HttpHead(first, headers);
            budget -= line.Length + 2;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new IOException($"'{line}' is no header of HTTP.");
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }
    }

    /// <summary>The body that belongs to a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="toEnd">Whether a body without a length goes on to the end of the stream (responses) or is empty (requests).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">Malformed, too long or cut short.</exception>
    public Task<byte[]> ReadBodyAsync(HttpHead head, bool toEnd, CancellationToken cancellation)
    {
        if (head.Find("Transfer-Encoding") is { } coding)
        {
            return coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? ReadChunksAsync(cancellation) : throw new IOException($"The transfer coding '{coding}' is not known here.");
        }

        if (head.Find("Content-Length") is { } text)
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MaxBodyBytes
                ? ReadExactlyAsync(length, cancellation)
                : throw new IOException($"A content length of '{text}' is not possible: at most {MaxBodyBytes} bytes.");
        }

        return toEnd ? ReadToEndAsync(cancellation) : Task.FromResult(Array.Empty<byte>());
    }

    private async Task<byte[]> ReadChunksAsync(CancellationToken cancellation)
    {
        var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(MaxHeadBytes, cancellation).ConfigureAwait(false);
            var semicolon = line.IndexOf(';', StringComparison.Ordinal);
            var digits = semicolon < 0 ? line : line[..semicolon];
            if (!int.TryParse(digits.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0 || body.Length + size > MaxBodyBytes)
            {
                throw new IOException($"'{line}' is no possible size of a chunk.");
            }

            body.Write(await ReadExactlyAsync(size, cancellation).ConfigureAwait(false));
            if (size > 0)
            {
                await ReadLineAsync(2, cancellation).ConfigureAwait(false);
                continue;
            }

            while ((await ReadLineAsync(MaxHeadBytes, cancellation).ConfigureAwait(false)).Length > 0)
            {
                // Trailers say nothing to us.
            }

            return body.ToArray();
        }
    }

    private async Task<byte[]> ReadExactlyAsync(int length, CancellationToken cancellation)
    {
        var body = new byte[length];
        for (var filled = 0; filled < length;)
        {
            if (_start == _end && !await FillAsync(cancellation).ConfigureAwait(false)) throw CutShort();
            var count = Math.Min(_end - _start, length - filled);
            _buffer.AsSpan(_start, count).CopyTo(body.AsSpan(filled));
            _start += count;
            filled += count;
        }

        return body;
    }

    private async Task<byte[]> ReadToEndAsync(CancellationToken cancellation)
    {
        var body = new MemoryStream();
        do
        {
            body.Write(_buffer, _start, _end - _start);
            if (body.Length > MaxBodyBytes) throw new IOException($"The body is longer than {MaxBodyBytes} bytes.");
        }
        while (await FillAsync(cancellation).ConfigureAwait(false));
        return body.ToArray();
    }

    private async Task<string> ReadLineAsync(int limit, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellation).ConfigureAwait(false)) throw CutShort();
            var next = (char)_buffer[_start++];
            if (next == '\n') return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            if (line.Length >= limit) throw new IOException($"A line of HTTP is longer than {limit} bytes.");
            line.Append(next);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        _start = 0;
        _end = 0;
        _end = await stream.ReadAsync(_buffer, cancellation).ConfigureAwait(false);
        return _end > 0;
    }

    private static EndOfStreamException CutShort() => new("The connection ended in the middle of a message of HTTP.");
}

/// <summary>The first line and the headers of a message.</summary>
internal sealed record HttpHead(string FirstLine, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The value of a header; null if it is not there.</summary>
    public string? Find(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return header.Value;
        }

        return null;
    }

    /// <summary>Hands the headers to a message and its content, each to where it belongs.</summary>
    public void CopyTo(System.Net.Http.Headers.HttpHeaders message, HttpContent content)
    {
        foreach (var (name, value) in Headers)
        {
            if (!message.TryAddWithoutValidation(name, value)) content.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
