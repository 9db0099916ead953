using System;
using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <content>What is asked of the controller; each is done in its turn, between two events.</content>
public sealed partial class KafkaController
{
    /// <summary>Asks the controller to relieve a broker; NotController if this broker is none.</summary>
    public LoopTask<ControlledShutdownResponse> ShutdownBroker(int brokerId, long brokerEpoch) =>
        Ask(reign => reign.ShutDown(brokerId, brokerEpoch), new ControlledShutdownResponse { ErrorCode = ErrorCode.NotController });

    /// <summary>Begins to move a partition to other replicas, or gives the move up that is under way (KIP-455).</summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="target">Broker ids wished for, preferred leader first; null gives up.</param>
    public LoopTask<RequestOutcome> AlterReassignment(TopicPartition partition, IReadOnlyList<int>? target) =>
        Ask(reign => reign.AlterReassignment(partition, target), RequestOutcome.NotController);

    /// <summary>The reassignments under way; null if this broker is not the controller.</summary>
    public LoopTask<IReadOnlyList<(TopicPartition Partition, PartitionAssignment Assignment)>?> Reassignments() =>
        Ask<IReadOnlyList<(TopicPartition Partition, PartitionAssignment Assignment)>?>(
            static reign => LoopTask.FromResult<IReadOnlyList<(TopicPartition Partition, PartitionAssignment Assignment)>?>(reign.Reassignments()),
            null);

    /// <summary>Elects leaders (KIP-183, KIP-460); null if this broker is not the controller.</summary>
    /// <param name="partitions">Partitions; null: all that need it.</param>
    /// <param name="strategy"><see cref="ElectionStrategy.Preferred"/> or <see cref="ElectionStrategy.Unclean"/>.</param>
    public LoopTask<IReadOnlyDictionary<TopicPartition, ElectionResult>?> ElectLeaders(IReadOnlyCollection<TopicPartition>? partitions, ElectionStrategy strategy) =>
        Ask<IReadOnlyDictionary<TopicPartition, ElectionResult>?>(async reign => await reign.ElectLeaders(partitions, strategy), null);

    /// <summary>Adds partitions to a topic, or only checks whether they could be (KIP-195).</summary>
    public LoopTask<RequestOutcome> AddPartitions(CreatePartitionsRequest.CreatePartitionsTopic wish, bool validateOnly) =>
        Ask(reign => reign.AddPartitions(wish, validateOnly), RequestOutcome.NotController);

    /// <summary>Tells the controller, if this broker is it, that a topic's options have changed: it may allow unclean leaders now.</summary>
    public void TopicConfigChanged(string topic)
    {
        if (_reign is { } reign) Post(reign, new ReignEvent.TopicConfigChange(topic));
    }

    /// <summary>The same of the options of this broker, or of all.</summary>
    public void BrokerOptionsChanged()
    {
        if (_reign is { } reign) Post(reign, new ReignEvent.BrokerOptionsChange());
    }

    /// <summary>Lets the controller do something in its turn; <paramref name="refusal"/> if this broker is none, or ceases to be.</summary>
    private LoopTask<T> Ask<T>(Func<ControllerReign, LoopTask<T>> work, T refusal)
    {
        var request = new ControllerEvent.Request<T>(work, refusal);
        if (!Post(null, request)) request.Refuse();
        return request.Answer.Task;
    }

    private static void Refuse(ControllerEvent item)
    {
        if (item is ControllerEvent.Request request) request.Refuse();
    }
}
