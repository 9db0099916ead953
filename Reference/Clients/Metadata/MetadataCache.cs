using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Clients.Network;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Metadata;

/// <summary>
/// Keeps the client's picture of the cluster: asks any broker when someone wants an update or the picture is too old, no more
/// often than once per retry backoff.
/// </summary>
internal sealed class MetadataCache
{
    private readonly Node _node;
    private readonly ClientOptions _options;
    private readonly NetworkClient _network;
    private readonly ILogger _log;
    private readonly SortedSet<string> _topics = new(StringComparer.Ordinal);
    private readonly LoopSignal _wanted = new();
    private LoopPromise<Nothing> _updated = new();
    private bool _isWanted;
    private bool _running;
    private bool _closed;

    public MetadataCache(Node node, ClientOptions options, NetworkClient network)
    {
        _node = node;
        _options = options;
        _network = network;
        _log = node.Logs.CreateLogger<MetadataCache>();
    }

    /// <summary>The latest picture.</summary>
    public ClusterMetadata Current { get; private set; } = ClusterMetadata.Empty;

    /// <summary>Called after each update.</summary>
    public Action? Updated { get; set; }

    /// <summary>Why the last attempt failed, or null.</summary>
    public KafkaException? LastFailure { get; private set; }

    /// <summary>Adds a topic to those asked for; an unknown one is asked for soon.</summary>
    public void Watch(string topic)
    {
        if (_topics.Add(topic) || Current.Topic(topic) is null) RequestUpdate();
    }

    /// <summary>Asks for exactly these topics from now on.</summary>
    public void WatchOnly(IEnumerable<string> topics)
    {
        _topics.Clear();
        foreach (var topic in topics) Watch(topic);
    }

    /// <summary>Something has shown the picture to be stale: ask again soon.</summary>
    public void RequestUpdate()
    {
        if (_closed) return;
        _isWanted = true;
        _wanted.Set();
        if (_running) return;
        _running = true;
        _node.Spawn(Run());
    }

    /// <summary>Requests an update and waits for it; false if none came in time.</summary>
    public LoopTask<bool> Update(TimeSpan timeout)
    {
        RequestUpdate();
        return _updated.WaitFor(_node.Clock, timeout);
    }

    /// <summary>Ends the refreshing.</summary>
    public void Close()
    {
        _closed = true;
        _wanted.Set();
    }

    private async LoopTask Run()
    {
        while (!_closed)
        {
            if (!_isWanted) await _wanted.Wait(_node.Clock, _options.MetadataMaxAge);
            if (_closed) return;
            _isWanted = false;
            await Ask();
            await _node.Clock.Delay(_options.RetryBackoff);
        }
    }

    private async LoopTask Ask()
    {
        try
        {
            var answer = await _network.SendToAny<MetadataRequest, MetadataResponse>(MakeRequest);
            Current = MetadataReading.Next(Current, answer);
            LastFailure = null;
        }
        catch (KafkaException e)
        {
            _log.LogDebug("No metadata: {Reason}", e.Message);
            LastFailure = e;
            _isWanted = true;
            return;
        }

        var updated = _updated;
        _updated = new LoopPromise<Nothing>();
        updated.TrySetResult(default);
        Updated?.Invoke();
    }

    private MetadataRequest MakeRequest(short version)
    {
        var request = new MetadataRequest { AllowAutoTopicCreation = version < 4 || _options.MayCreateTopics };
        foreach (var topic in _topics) request.Topics!.Add(new MetadataRequest.MetadataRequestTopic { Name = topic });
        return request;
    }
}
