using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace Tests.Support;

/// <summary>TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>One free port. Another process may take it before you do; prefer port 0 where the program reports its choice.</summary>
    public static int One() => Several(1)[0];

    /// <summary>Distinct free ports.</summary>
    public static IReadOnlyList<int> Several(int count)
    {
        // All are held until all are known, so that none is handed out twice.
        var held = new List<TcpListener>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                held.Add(listener);
                listener.Start();
            }

            return [.. held.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(l => l.Stop());
        }
    }
}
