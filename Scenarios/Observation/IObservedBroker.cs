using System.Collections.Generic;
using Scenarios.Cluster;
using Simulator.Engine;

namespace Scenarios.Observation;

/// <summary>What a checker can see of a broker, whether it runs or not.</summary>
public interface IObservedBroker
{
    /// <summary>broker.id.</summary>
    int Id { get; }

    /// <summary>The machine it runs on.</summary>
    SimMachine Machine { get; }

    /// <summary>Its log directories on that machine.</summary>
    IReadOnlyList<string> LogDirectories { get; }

    /// <summary>Which of its processes runs; 0 for none.</summary>
    int Incarnation { get; }

    /// <summary>True if it is to stay down for now.</summary>
    bool IsFallen { get; }

    /// <summary>True while it starts and has begun to load its logs.</summary>
    bool IsLoading { get; }

    /// <summary>Of its log directories those whose logs it has begun to load, or has, and not closed.</summary>
    IReadOnlyList<string> OpenDirectories { get; }

    /// <summary>True if it believes to be the controller.</summary>
    bool IsController { get; }

    /// <summary>The controller epoch under which it reigns; null if it does not believe to be the controller.</summary>
    int? ReignEpoch { get; }

    /// <summary>The epoch of its registration (KIP-380); null if it does not run or was not registered yet.</summary>
    long? BrokerEpoch { get; }

    /// <summary>The topics in its metadata cache; null if it does not run.</summary>
    IReadOnlyCollection<string>? KnownTopics { get; }

    /// <summary>The leader and leader epoch of a partition in its metadata cache; null if it does not run or does not know.</summary>
    (int Leader, int Epoch)? KnownLeader(string topic, int partition);

    /// <summary>What it says of its replica now; null if it does not run or has not loaded the partition.</summary>
    ReplicaReading? Look(string topic, int partition);
}
