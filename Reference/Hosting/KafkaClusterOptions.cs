using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reference.Hosting;

/// <summary>How the brokers of a <see cref="KafkaCluster"/> run.</summary>
public sealed record KafkaClusterOptions
{
    /// <summary>
    /// Options of all brokers by Kafka's names, over the cluster's own defaults. Where brokers listen, keep their logs and find each
    /// other is the cluster's business.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Options of one broker by its id, over those of all: its <c>broker.rack</c>, say.</summary>
    public Func<int, IReadOnlyDictionary<string, string>> ConfigurationOf { get; init; } = static _ => new Dictionary<string, string>();

    /// <summary>Over how many directories each broker spreads its logs (<c>log.dirs</c>), so that one may fail; at least one.</summary>
    public int LogDirectories { get; init; } = 1;

    /// <summary>Where all files stand; kept at the end. Null: a temporary directory that is deleted at the end.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long a start, a restart or the creation of a topic may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where all of them log.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}
