namespace tools.Benchmarks.Server;

/// <summary>How much is measured.</summary>
internal sealed record ServerBenchmarkOptions
{
    /// <summary>Values sent per throughput, in MB (1,000,000 bytes).</summary>
    public int ProduceMegabytes { get; init; }

    /// <summary>Records per second at which latency is measured.</summary>
    public int Rate { get; init; }

    /// <summary>For how long, in seconds.</summary>
    public int Seconds { get; init; }

    /// <summary>Size of the log that is recovered, in MiB.</summary>
    public int RecoveryMebibytes { get; init; }

    /// <summary>Number of idle partitions.</summary>
    public int Partitions { get; init; }

    /// <summary>Where the folder of the data is made, which is deleted in the end.</summary>
    public required string Directory { get; init; }
}
