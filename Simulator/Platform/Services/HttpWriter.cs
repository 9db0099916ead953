using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>Writes a message of HTTP/1.1 with its body by length, in one write.</summary>
internal static class HttpWriter
{
    public static async Task WriteAsync(Stream stream, string firstLine, HttpHeaders headers, HttpContent? content, string? host, CancellationToken cancellation)
    {
        var body = content is null ? [] : await content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        var head = new StringBuilder(firstLine).Append("\r\n");
        if (host is not null) Append(head, "Host", host);
        Append(head, headers);
        if (content is not null) Append(head, content.Headers);
        Append(head, "Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
        Append(head, "Connection", "close");
        head.Append("\r\n");
        var message = new byte[Encoding.Latin1.GetByteCount(head.ToString()) + body.Length];
        var headBytes = Encoding.Latin1.GetBytes(head.ToString(), message);
        body.CopyTo(message, headBytes);
        await stream.WriteAsync(message, cancellation).ConfigureAwait(false);
    }

    private static void Append(StringBuilder head, HttpHeaders headers)
    {
        foreach (var (name, values) in (IEnumerable<KeyValuePair<string, HeaderStringValues>>)headers.NonValidated)
        {
            if (name is "Host" or "Content-Length" or "Connection" or "Transfer-Encoding") continue; // written here as they are
            Append(head, name, values.ToString());
        }
    }

    private static void Append(StringBuilder head, string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");
}
