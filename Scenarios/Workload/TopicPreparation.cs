using System;
using System.Collections.Generic;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Wire;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>Creates topics with options of their own before the clients begin; topics without any are made when they are first asked for.</summary>
/// <param name="world">The world.</param>
/// <param name="options">The admin client's options.</param>
/// <param name="topics">The topics.</param>
public sealed class TopicPreparation(SimWorld world, AdminOptions options, IReadOnlyList<NewTopic> topics)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly SimMachine _machine = world.AddMachine("preparation");

    /// <summary>Begins; what cannot be created yet is tried again.</summary>
    public void Start() => _machine.Start(async node =>
    {
        var admin = new Admin(node, options);
        var left = new Queue<NewTopic>(topics);
        while (left.TryPeek(out var topic))
        {
            try
            {
                await admin.CreateTopics([topic], s_patience);
                left.Dequeue();
            }
            catch (KafkaException e) when (e.Code == ErrorCode.TopicAlreadyExists)
            {
                left.Dequeue();
            }
            catch (KafkaException)
            {
                await node.Clock.Delay(options.RetryBackoff);
            }
        }

        await admin.Close();
    });
}
