using System.Net;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>Between .NET's addresses and the platform's endpoints.</summary>
internal static class Addresses
{
    /// <summary>The endpoint of a socket's end; an IPv4 address wrapped in IPv6 is shown as itself.</summary>
    public static Endpoint Of(EndPoint? endPoint)
    {
        var ip = (IPEndPoint)endPoint!;
        var address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        return new Endpoint(address.ToString(), ip.Port);
    }
}
