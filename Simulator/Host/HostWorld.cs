using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Simulator.Host;

/// <summary>Some nodes of one process in the real world, each with a data directory of its own below a common root.</summary>
public sealed class HostWorld(string root, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly List<HostNode> _nodes = [];

    /// <summary>The nodes started so far.</summary>
    public IReadOnlyList<HostNode> Nodes => _nodes;

    /// <summary>Starts a node whose data directory is that of its name.</summary>
    public HostNode AddNode(string name)
    {
        var node = new HostNode(name, Path.Combine(root, name), logs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Stops all nodes.</summary>
    public async Task StopAsync()
    {
        foreach (var node in _nodes) await node.StopAsync();
        _nodes.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
