using System;
using Reference.Broker.Znodes;
using Reference.Coordination;

namespace Reference.Broker.Controller;

/// <summary>
/// What a controller sets as watches: the same delegates for all its reigns and topics, so that the client, which holds each once per
/// path, never holds more than there are paths. A watch set in an earlier reign makes the present one look once more, no harm.
/// </summary>
internal sealed class ControllerWatches
{
    private readonly Action<ReignEvent> _post;

    /// <summary>Watches that report to whatever reign there is when they fire.</summary>
    public ControllerWatches(Action<ReignEvent> post)
    {
        _post = post;
        Brokers = _ => _post(new ReignEvent.BrokerChange());
        Topics = _ => _post(new ReignEvent.TopicChange());
        Topic = OnTopic;
        Deletions = _ => _post(new ReignEvent.TopicDeletion());
        Isrs = _ => _post(new ReignEvent.IsrChangeNotification());
        LogDirs = _ => _post(new ReignEvent.LogDirEvent());
        Reassignments = _ => _post(new ReignEvent.PartitionReassignment());
        PreferredElections = _ => _post(new ReignEvent.PreferredLeaderElection());
        PartitionState = OnPartitionState;
    }

    /// <summary>On the parent of the broker registrations.</summary>
    public Action<WatchEvent> Brokers { get; }

    /// <summary>On the parent of the topics.</summary>
    public Action<WatchEvent> Topics { get; }

    /// <summary>On a topic's assignment; one that has been deleted is told of by <see cref="Topics"/>.</summary>
    public Action<WatchEvent> Topic { get; }

    /// <summary>On the parent of the wishes for deletion.</summary>
    public Action<WatchEvent> Deletions { get; }

    /// <summary>On the parent of the notifications of ISR changes.</summary>
    public Action<WatchEvent> Isrs { get; }

    /// <summary>On the parent of the notifications of failed log directories.</summary>
    public Action<WatchEvent> LogDirs { get; }

    /// <summary>On the wishes for reassignments.</summary>
    public Action<WatchEvent> Reassignments { get; }

    /// <summary>On the wish for preferred leaders.</summary>
    public Action<WatchEvent> PreferredElections { get; }

    /// <summary>On the state of a partition that is being reassigned.</summary>
    public Action<WatchEvent> PartitionState { get; }

    private void OnPartitionState(WatchEvent seen)
    {
        if (seen.Type != WatchEventType.NodeDeleted && KafkaPaths.PartitionOfState(seen.Path) is { } partition) _post(new ReignEvent.ReassignmentIsrChange(partition));
    }

    private void OnTopic(WatchEvent seen)
    {
        if (seen.Type != WatchEventType.NodeDeleted) _post(new ReignEvent.PartitionModifications(ZnodePath.NameOf(seen.Path)));
    }
}
