using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination.Jute;

namespace Reference.Coordination.Client;

/// <summary>The watches a client has set and not yet heard of, by the server's paths.</summary>
internal sealed class ClientWatches
{
    private readonly SortedDictionary<string, List<Action<WatchEvent>>> _data = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<Action<WatchEvent>>> _exist = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<Action<WatchEvent>>> _child = new(StringComparer.Ordinal);

    /// <summary>Watchers over all paths.</summary>
    public int Count => _data.Values.Sum(w => w.Count) + _exist.Values.Sum(w => w.Count) + _child.Values.Sum(w => w.Count);

    public void WatchData(string path, Action<WatchEvent> watcher) => Add(_data, path, watcher);

    public void WatchExistence(string path, Action<WatchEvent> watcher) => Add(_exist, path, watcher);

    public void WatchChildren(string path, Action<WatchEvent> watcher) => Add(_child, path, watcher);

    public void Clear()
    {
        _data.Clear();
        _exist.Clear();
        _child.Clear();
    }

    /// <summary>Takes away those whom the event concerns, in the order they were set; each stands there once.</summary>
    public List<Action<WatchEvent>> Take(WatchEvent watchEvent)
    {
        var taken = new List<Action<WatchEvent>>();
        if (watchEvent.Type != WatchEventType.NodeChildrenChanged)
        {
            TakeFrom(_data, watchEvent.Path, taken);
            TakeFrom(_exist, watchEvent.Path, taken);
        }

        if (watchEvent.Type is WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted) TakeFrom(_child, watchEvent.Path, taken);
        return taken;
    }

    /// <summary>What a new connection must be told, in requests of at most about <paramref name="maxBytes"/> each.</summary>
    public List<SetWatchesRequest> ToRequests(long lastZxid, int maxBytes)
    {
        var requests = new List<SetWatchesRequest>();
        var (data, exist, child, bytes) = (new List<string>(), new List<string>(), new List<string>(), 0);
        foreach (var (side, path) in All())
        {
            (side == 0 ? data : side == 1 ? exist : child).Add(path);
            bytes += sizeof(int) + (2 * path.Length);
            if (bytes < maxBytes) continue;
            requests.Add(new SetWatchesRequest(lastZxid, data, exist, child));
            (data, exist, child, bytes) = ([], [], [], 0);
        }

        if (bytes > 0) requests.Add(new SetWatchesRequest(lastZxid, data, exist, child));
        return requests;
    }

    private IEnumerable<(int Side, string Path)> All()
    {
        foreach (var path in _data.Keys) yield return (0, path);
        foreach (var path in _exist.Keys) yield return (1, path);
        foreach (var path in _child.Keys) yield return (2, path);
    }

    private static void Add(SortedDictionary<string, List<Action<WatchEvent>>> side, string path, Action<WatchEvent> watcher)
    {
        if (!side.TryGetValue(path, out var watchers)) side.Add(path, watchers = []);
        if (!watchers.Contains(watcher)) watchers.Add(watcher);
    }

    private static void TakeFrom(SortedDictionary<string, List<Action<WatchEvent>>> side, string path, List<Action<WatchEvent>> taken)
    {
        if (!side.Remove(path, out var watchers)) return;
        foreach (var watcher in watchers)
        {
            if (!taken.Contains(watcher)) taken.Add(watcher);
        }
    }
}
