using System;
using System.Collections.Generic;

namespace Reference.Broker.Controller;

/// <summary>Which topics are to be deleted and how far that has got.</summary>
public sealed class TopicDeletions
{
    private readonly SortedSet<string> _postponed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _queued = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _started = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _ineligible = new(StringComparer.Ordinal);

    /// <summary>All that are to be deleted.</summary>
    public IReadOnlyList<string> Queued => [.. _queued];

    /// <summary>True if the topic is to be deleted: it gets no leaders any more.</summary>
    public bool IsQueued(string topic) => _queued.Contains(topic);

    /// <summary>True if deletion must wait, for instance for a dead broker.</summary>
    public bool IsIneligible(string topic) => _ineligible.Contains(topic);

    /// <summary>True if the topic is to be deleted once its reassignments are done: until then it lives on.</summary>
    public bool IsPostponed(string topic) => _postponed.Contains(topic);

    /// <summary>Puts a deletion off.</summary>
    public void Postpone(string topic) => _postponed.Add(topic);

    /// <summary>Wishes a deletion.</summary>
    public void Enqueue(string topic)
    {
        _postponed.Remove(topic);
        _queued.Add(topic);
    }

    /// <summary>Notes that brokers are being told; true the first time.</summary>
    public bool Start(string topic) => _started.Add(topic);

    /// <summary>Makes it wait.</summary>
    public void MarkIneligible(string topic)
    {
        if (_queued.Contains(topic)) _ineligible.Add(topic);
    }

    /// <summary>It need not wait any more.</summary>
    public void MarkEligible(string topic) => _ineligible.Remove(topic);

    /// <summary>It is done.</summary>
    public void Complete(string topic)
    {
        _postponed.Remove(topic);
        _queued.Remove(topic);
        _started.Remove(topic);
        _ineligible.Remove(topic);
    }
}
