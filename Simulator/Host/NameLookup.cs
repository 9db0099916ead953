using System;
using System.Net;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>Asks the system's resolver for the addresses of a host name, on the thread pool, and posts the answer back.</summary>
internal sealed class NameLookup : LoopOperation<IPAddress[]>
{
    private readonly string _host;
    private IPAddress[] _addresses = [];
    private bool _expired;

    private NameLookup(string host) => _host = host;

    /// <summary>The addresses of a name, or the address itself.</summary>
    /// <exception cref="NetworkException">HostUnknown; TimedOut.</exception>
    public static LoopTask<IPAddress[]> Resolve(HostLoop loop, IClock clock, string host, TimeSpan timeout)
    {
        if (IPAddress.TryParse(host, out var address)) return LoopTask.FromResult<IPAddress[]>([address]);
        var lookup = new NameLookup(host);
        lookup.Owner = loop.Loop;
        var timer = clock.Schedule(timeout, lookup.Expire);
        Ask(loop, lookup, timer);
        return lookup.Task;
    }

    protected override void Fire()
    {
        if (IsDone || _expired) return;
        if (_addresses.Length > 0) Complete(_addresses);
        else Fault(new NetworkException(NetworkError.HostUnknown, $"There is no host named {_host}: check the name, or the machine's name service."));
    }

    private static async void Ask(HostLoop loop, NameLookup lookup, LoopTimer timer)
    {
        try
        {
            lookup._addresses = await Dns.GetHostAddressesAsync(lookup._host).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            lookup._addresses = [];
        }

        loop.Post(() =>
        {
            timer.Cancel();
            lookup.Fire();
        });
    }

    private void Expire()
    {
        _expired = true;
        Fault(new NetworkException(NetworkError.TimedOut, $"The name service did not answer for {_host} in time."));
    }
}
