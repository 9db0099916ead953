using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>Which process of which broker held an epoch first: nobody else may.</summary>
/// <param name="kind">What the epochs are of, for the verdict.</param>
internal sealed class Holders<TEpoch>(string kind)
    where TEpoch : struct
{
    private readonly Dictionary<TEpoch, (int Broker, int Incarnation)> _holders = [];

    /// <summary>Notes that a broker holds an epoch; says who held it, if that was another process.</summary>
    public string? Take(TEpoch epoch, IObservedBroker broker)
    {
        var present = (broker.Id, broker.Incarnation);
        if (_holders.TryAdd(epoch, present)) return null;
        var first = _holders[epoch];
        return first == present
            ? null
            : $"two hold {kind} {epoch}: process {first.Incarnation} of broker {first.Broker}, and process {broker.Incarnation} of broker {broker.Id}";
    }
}
