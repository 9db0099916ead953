using System.Collections.Generic;
using System.Globalization;

namespace Reference.Broker.Znodes;

/// <summary>Where Kafka 2.5 keeps what in the coordination store.</summary>
public static class KafkaPaths
{
    /// <summary>Ephemeral: who is the controller.</summary>
    public const string Controller = "/controller";

    /// <summary>The epoch of the latest controller; its version fences every write of a controller.</summary>
    public const string ControllerEpoch = "/controller_epoch";

    /// <summary>Parent of the ephemeral broker registrations.</summary>
    public const string BrokerIds = "/brokers/ids";

    /// <summary>Parent of the topics' assignments.</summary>
    public const string Topics = "/brokers/topics";

    /// <summary>Its version generates broker ids.</summary>
    public const string BrokerSequence = "/brokers/seqid";

    /// <summary>The cluster's id, made once.</summary>
    public const string ClusterId = "/cluster/id";

    /// <summary>Parent of the topics' configurations.</summary>
    public const string TopicConfigs = "/config/topics";

    /// <summary>Parent of the notifications of configuration changes.</summary>
    public const string ConfigChanges = "/config/changes";

    /// <summary>Parent of the topics that are to be deleted.</summary>
    public const string DeleteTopics = "/admin/delete_topics";

    /// <summary>Asks for the election of preferred leaders.</summary>
    public const string PreferredReplicaElection = "/admin/preferred_replica_election";

    /// <summary>Asks for other replicas of partitions.</summary>
    public const string ReassignPartitions = "/admin/reassign_partitions";

    /// <summary>Parent of the leaders' notifications of changed ISRs.</summary>
    public const string IsrChangeNotification = "/isr_change_notification";

    /// <summary>Parent of the brokers' notifications of failed log directories.</summary>
    public const string LogDirEventNotification = "/log_dir_event_notification";

    /// <summary>The latest block of producer ids given to a broker.</summary>
    public const string ProducerIdBlock = "/latest_producer_id_block";

    /// <summary>Prefix of the sequential children of <see cref="IsrChangeNotification"/>.</summary>
    public const string IsrChangePrefix = IsrChangeNotification + "/isr_change_";

    /// <summary>Prefix of the sequential children of <see cref="LogDirEventNotification"/>.</summary>
    public const string LogDirEventPrefix = LogDirEventNotification + "/log_dir_event_";

    /// <summary>Prefix of the sequential children of <see cref="ConfigChanges"/>.</summary>
    public const string ConfigChangePrefix = ConfigChanges + "/config_change_";

    /// <summary>The paths that every broker makes on its start, parents first.</summary>
    public static IReadOnlyList<string> Persistent { get; } =
    [
        "/consumers",
        "/brokers",
        "/config",
        "/admin",
        "/cluster",
        BrokerIds,
        Topics,
        ConfigChanges,
        DeleteTopics,
        BrokerSequence,
        IsrChangeNotification,
        ProducerIdBlock,
        LogDirEventNotification,
        TopicConfigs,
        "/config/clients",
        "/config/users",
        "/config/brokers",
    ];

    /// <summary>A broker's registration.</summary>
    public static string Broker(int id) => $"{BrokerIds}/{Text(id)}";

    /// <summary>A topic's assignment.</summary>
    public static string Topic(string topic) => $"{Topics}/{topic}";

    /// <summary>Parent of a topic's partitions.</summary>
    public static string Partitions(string topic) => $"{Topics}/{topic}/partitions";

    /// <summary>Parent of a partition's state.</summary>
    public static string Partition(TopicPartition partition) => $"{Partitions(partition.Topic)}/{Text(partition.Partition)}";

    /// <summary>A partition's leader and ISR.</summary>
    public static string PartitionState(TopicPartition partition) => $"{Partition(partition)}/state";

    /// <summary>The partition whose state stands at a path; null if the path is none of <see cref="PartitionState"/>.</summary>
    public static TopicPartition? PartitionOfState(string path)
    {
        var parts = path.Split('/');
        return parts is ["", "brokers", "topics", var topic, "partitions", var number, "state"]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? new TopicPartition(topic, partition)
            : null;
    }

    /// <summary>A topic's configuration.</summary>
    public static string TopicConfig(string topic) => $"{TopicConfigs}/{topic}";

    /// <summary>What is set for all brokers while they run; each may override it.</summary>
    public const string BrokerDefaults = "/config/brokers/<default>";

    /// <summary>What is set for one broker while it runs.</summary>
    public static string BrokerConfig(int brokerId) => $"/config/brokers/{brokerId}";

    /// <summary>How the notification of a change names a configuration: "topics/NAME", "brokers/ID", "brokers/&lt;default&gt;".</summary>
    public static string ConfigEntity(string path) => path["/config/".Length..];

    /// <summary>The wish to delete a topic.</summary>
    public static string DeleteTopic(string topic) => $"{DeleteTopics}/{topic}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
