using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace tools.RealCluster.Networks;

/// <summary>Where the processes of a cluster live, and what can be done to the links between them.</summary>
public abstract class ClusterNetwork : IAsyncDisposable
{
    /// <summary>Address of clients and of ZooKeeper.</summary>
    public abstract string Host { get; }

    /// <summary>Whether a broker's link can be cut.</summary>
    public virtual bool CanCut => false;

    /// <summary>How a broker's link can be slowed down, in words; null where it cannot.</summary>
    public virtual string? Slowness => null;

    /// <summary>Address of a broker.</summary>
    public abstract string HostOf(int broker);

    /// <summary>The command that runs another one where the broker lives.</summary>
    public virtual IReadOnlyList<string> CommandFor(int broker, IReadOnlyList<string> command) => command;

    /// <summary>Nothing passes to and from a broker any more; no connection is told.</summary>
    public virtual Task Cut(int broker) => throw new NotSupportedException("Links cannot be cut here.");

    /// <summary>Undoes <see cref="Cut"/>.</summary>
    public virtual Task Mend(int broker) => throw new NotSupportedException("Links cannot be cut here.");

    /// <summary>Nothing passes between two brokers any more, while each still hears all others; no connection is told.</summary>
    public virtual Task CutBetween(int one, int other) => throw new NotSupportedException("Links cannot be cut here.");

    /// <summary>Undoes <see cref="CutBetween"/>.</summary>
    public virtual Task MendBetween(int one, int other) => throw new NotSupportedException("Links cannot be cut here.");

    /// <summary>All that a broker hears comes late.</summary>
    public virtual Task Slow(int broker) => throw new NotSupportedException("Links cannot be slowed down here.");

    /// <summary>Undoes <see cref="Slow"/>.</summary>
    public virtual Task Hasten(int broker) => throw new NotSupportedException("Links cannot be slowed down here.");

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Distinct ports of an address on which nobody listens.</summary>
    public static IReadOnlyList<int> FreePorts(string host, int count)
    {
        // All are held until all are known, so that none is handed out twice.
        var held = new List<TcpListener>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                held.Add(new TcpListener(IPAddress.Parse(host), 0));
                held[^1].Start();
            }

            return [.. held.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(l => l.Stop());
        }
    }
}
