using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Broker.Replication;
using Reference.Wire.Schema;
using Simulator.Host;
using Simulator.Platform;

namespace Tests.Reference.Hosting;

/// <summary>Requests to one broker over a real socket, for what the clients of this repository do not show.</summary>
internal static class RawRequests
{
    /// <summary>Dials, asks and gives the answer.</summary>
    /// <param name="address">Host and port.</param>
    /// <param name="request">The request.</param>
    /// <param name="version">Of request and answer.</param>
    public static async Task<TResponse> Ask<TRequest, TResponse>(string address, TRequest request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse>
    {
        var colon = address.LastIndexOf(':');
        var endpoint = new Endpoint(address[..colon], int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        await using var node = new HostNode("raw", Path.GetTempPath(), NullLoggerFactory.Instance);
        return await node.InvokeAsync(async n =>
        {
            var peer = new PeerClient(n, () => endpoint, "raw", TimeSpan.FromSeconds(30));
            var answer = await peer.Call<TRequest, TResponse>(request, version);
            peer.Close();
            return answer;
        });
    }
}
