using System;

namespace tools.Server;

/// <summary>Which failures of a start are wrong input, and the sentence that names the thing and the remedy.</summary>
internal static class StartFailures
{
    /// <summary>The sentence; null if the failure is not the user's.</summary>
    /// <remarks>By name: this project sees Hosting and nothing behind it.</remarks>
    public static string? Sentence(Exception failure) => failure.GetType().Name switch
    {
        nameof(UsageException)
            or "ConfigException"
            or "NetworkException"
            or "DiskException"
            or "StoreCorruptException"
            or "StoreInUseException"
            or "StoreHaltedException"
            or "LogDirInUseException"
            or "CorruptCheckpointException"
            or "CorruptLogException"
            or "LegacyFormatException"
            or "LogDirFailureException"
            or "InconsistentBrokerIdException"
            or "InconsistentClusterIdException"
            or "InconsistentBrokerMetadataException"
            or "DuplicateLogException"
            or "BrokerHaltedException"
            or "BrokerIdTakenException"
            or "CoordinationException" => failure.Message,
        _ => null,
    };
}
