using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>
/// Sends the requests of an <see cref="HttpClient"/> over a node's network as HTTP/1.1, each over a connection of its own, on the
/// node's loop. (The BCL's own handler goes through the thread pool, whatever stream is put under it.) No TLS, redirects or cookies;
/// a response is read whole before it is handed over.
/// </summary>
/// <param name="node">Whose network and clock.</param>
public sealed class NodeHttpHandler(NodeContext node) : HttpMessageHandler
{
    /// <summary>How long a request may take, by the node's clock.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri ?? throw new InvalidOperationException("A request needs an absolute URI.");
        if (uri.Scheme != Uri.UriSchemeHttp) throw new NotSupportedException($"The scheme '{uri.Scheme}' is not spoken between nodes: use http.");
        using var deadline = new CancellationTokenSource(Timeout, node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await ExchangeAsync(request, uri, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var message = $"{request.Method} {uri} had no answer within {Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.";
            throw new TaskCanceledException(message, new TimeoutException(message, e), deadline.Token);
        }
        catch (IOException e)
        {
            throw new HttpRequestException($"{request.Method} {uri}: {e.Message}", e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, Uri uri, CancellationToken cancellation)
    {
        using var stream = await node.Network.ConnectAsync(new Endpoint(uri.DnsSafeHost, uri.Port), Timeout, cancellation).ConfigureAwait(false);
        await HttpWriter.WriteAsync(stream, $"{request.Method} {uri.PathAndQuery} HTTP/1.1", request.Headers, request.Content, uri.Authority, cancellation).ConfigureAwait(false);
        var reader = new HttpReader(stream);
        var head = await reader.ReadHeadAsync(cancellation).ConfigureAwait(false) ?? throw new EndOfStreamException("The connection ended before an answer.");
        if (head.FirstLine.Split(' ', 3) is not ["HTTP/1.1" or "HTTP/1.0", var code, .. var reason] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new IOException($"'{head.FirstLine}' is no status line of HTTP/1.1.");
        }

        var bodiless = request.Method == HttpMethod.Head || status is 204 or 304;
        var content = new ByteArrayContent(bodiless ? [] : await reader.ReadBodyAsync(head, toEnd: true, cancellation).ConfigureAwait(false));
        var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = content, ReasonPhrase = reason is [var text] ? text : null };
        head.CopyTo(response.Headers, content);
        return response;
    }
}
