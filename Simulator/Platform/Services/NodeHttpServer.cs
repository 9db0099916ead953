using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>
/// A small HTTP/1.1 server on a node's loop, for services that want to be called by <see cref="HttpClient"/>: one request a
/// connection, read whole, answered whole.
/// </summary>
public static class NodeHttpServer
{
    /// <summary>Serves for ever. What the handler throws fails the node, as an exception that nobody handles does elsewhere.</summary>
    /// <param name="node">The node.</param>
    /// <param name="endpoint">Where to listen; an empty host means all addresses.</param>
    /// <param name="handle">Gives the answer to a request; its URI is absolute, with the node's endpoint as its authority.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static Task ServeHttpAsync(this NodeContext node, Endpoint endpoint, Func<HttpRequestMessage, Task<HttpResponseMessage>> handle) =>
        node.Network.ServeAsync(endpoint, stream => ServeOneAsync(stream, handle));

    // No ConfigureAwait(false) here: the handler is the service's own code and completes its tasks on the context.
    private static async Task ServeOneAsync(NodeStream stream, Func<HttpRequestMessage, Task<HttpResponseMessage>> handle)
    {
        var reader = new HttpReader(stream);
        if (await reader.ReadHeadAsync(CancellationToken.None) is not { } head) return;
        if (head.FirstLine.Split(' ') is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"])
        {
            await AnswerAsync(stream, new HttpResponseMessage(HttpStatusCode.BadRequest));
            return;
        }

        var content = new ByteArrayContent(await reader.ReadBodyAsync(head, toEnd: false, CancellationToken.None));
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://{stream.Local}{target}")) { Content = content };
        head.CopyTo(request.Headers, content);
        await AnswerAsync(stream, await handle(request));
    }

    private static Task AnswerAsync(NodeStream stream, HttpResponseMessage response) =>
        HttpWriter.WriteAsync(stream, $"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}", response.Headers, response.Content, null, CancellationToken.None);
}
