using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reference.Hosting;

/// <summary>Where and how a broker runs.</summary>
/// <param name="DataDirectory">Its logs stand in <c>logs</c> below it, the embedded store's files in <c>coordination</c>.</param>
public sealed record KafkaBrokerHostOptions(string DataDirectory)
{
    /// <summary>
    /// Options by Kafka's names. Without <c>zookeeper.connect</c> the process runs a coordination store of its own, for a single
    /// broker; without <c>listeners</c> the broker listens on a free port of the loopback interface.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Names its threads, and itself in logs.</summary>
    public string Name { get; init; } = "broker";

    /// <summary>Where it logs.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}
