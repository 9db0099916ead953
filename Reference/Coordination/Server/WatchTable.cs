using System;
using System.Collections.Generic;
using System.Linq;

namespace Reference.Coordination.Server;

/// <summary>
/// One-shot watches of connections, by path. Data watches are those of getData and exists, child watches those of getChildren.
/// </summary>
internal sealed class WatchTable
{
    private readonly Side _data = new();
    private readonly Side _child = new();

    /// <summary>Number of watches set.</summary>
    public int Count => _data.Count + _child.Count;

    public void WatchData(string path, IWatcher watcher) => _data.Add(path, watcher);

    public void WatchChildren(string path, IWatcher watcher) => _child.Add(path, watcher);

    /// <summary>Fires the watches that wait for the event; each watcher hears of it once.</summary>
    public void Trigger(WatchEvent watchEvent)
    {
        var watchers = watchEvent.Type == WatchEventType.NodeChildrenChanged ? _child.Take(watchEvent.Path) : _data.Take(watchEvent.Path);
        foreach (var watcher in watchers) watcher.OnEvent(watchEvent);
        if (watchEvent.Type != WatchEventType.NodeDeleted) return;
        foreach (var watcher in _child.Take(watchEvent.Path))
        {
            if (!watchers.Contains(watcher)) watcher.OnEvent(watchEvent);
        }
    }

    /// <summary>A connection is gone and its watches with it.</summary>
    public void Remove(IWatcher watcher)
    {
        _data.Remove(watcher);
        _child.Remove(watcher);
    }

    private sealed class Side
    {
        private static readonly IReadOnlyList<IWatcher> s_none = [];

        private readonly Dictionary<string, List<IWatcher>> _byPath = new(StringComparer.Ordinal);
        private readonly Dictionary<IWatcher, HashSet<string>> _byWatcher = [];

        public int Count { get; private set; }

        public void Add(string path, IWatcher watcher)
        {
            if (!_byWatcher.TryGetValue(watcher, out var paths)) _byWatcher.Add(watcher, paths = new HashSet<string>(StringComparer.Ordinal));
            if (!paths.Add(path)) return;
            if (!_byPath.TryGetValue(path, out var watchers)) _byPath.Add(path, watchers = []);
            watchers.Add(watcher);
            Count++;
        }

        public IReadOnlyList<IWatcher> Take(string path)
        {
            if (!_byPath.Remove(path, out var watchers)) return s_none;
            foreach (var watcher in watchers) _byWatcher[watcher].Remove(path);
            Count -= watchers.Count;
            return watchers;
        }

        public void Remove(IWatcher watcher)
        {
            if (!_byWatcher.Remove(watcher, out var paths)) return;
            Count -= paths.Count;
            foreach (var path in paths)
            {
                var watchers = _byPath[path];
                watchers.Remove(watcher);
                if (watchers.Count == 0) _byPath.Remove(path);
            }
        }
    }
}

/// <summary>Who hears of watch events: a client's connection.</summary>
internal interface IWatcher
{
    void OnEvent(WatchEvent watchEvent);
}
