using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Simulator.Engine;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>A seed's result as one line of JSON.</summary>
internal sealed record ResultLine
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public required string Scenario { get; init; }

    public required ulong Seed { get; init; }

    public required string Hash { get; init; }

    public required long Events { get; init; }

    public required double SimulatedSeconds { get; init; }

    /// <summary>How long it took on its thread.</summary>
    public required double WallSeconds { get; init; }

    public FailureLine? Failure { get; init; }

    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    public required IReadOnlyList<string> FaultKinds { get; init; }

    public required IReadOnlyDictionary<string, long> FaultEffects { get; init; }

    public required IReadOnlyDictionary<string, long> FaultVetoes { get; init; }

    public required IReadOnlyDictionary<string, long> Buggify { get; init; }

    public required IReadOnlyDictionary<string, long> Sometimes { get; init; }

    public required IReadOnlyDictionary<string, long> Metrics { get; init; }

    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>The line of a result, without its end.</summary>
    public static string Write(SeedResult result) => JsonSerializer.Serialize(
        new ResultLine
        {
            Scenario = result.Scenario,
            Seed = result.Seed,
            Hash = result.Hash.ToString("x16", CultureInfo.InvariantCulture),
            Events = result.Events,
            SimulatedSeconds = result.SimulatedSeconds,
            WallSeconds = result.WallSeconds,
            Failure = result.Failure is { } f ? new FailureLine(f.Property, f.Message, f.AtMicros, f.AtEvent) : null,
            Faults = result.Faults,
            FaultKinds = result.FaultKinds,
            FaultEffects = result.FaultEffects,
            FaultVetoes = result.FaultVetoes,
            Buggify = result.Buggify,
            Sometimes = result.Sometimes,
            Metrics = result.Metrics,
            Configuration = result.Configuration,
        },
        Json);

    /// <summary>The result of a line; null if the line is none.</summary>
    public static SeedResult? Read(string text)
    {
        ResultLine? line;
        try
        {
            line = JsonSerializer.Deserialize<ResultLine>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }

        if (line is null || !ulong.TryParse(line.Hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)) return null;
        return new SeedResult
        {
            Scenario = line.Scenario,
            Seed = line.Seed,
            Hash = hash,
            Events = line.Events,
            SimulatedSeconds = line.SimulatedSeconds,
            WallSeconds = line.WallSeconds,
            Failure = line.Failure is { } f ? new SimFailure(f.Property, f.Message, null) { AtMicros = f.AtMicros, AtEvent = f.AtEvent } : null,
            Faults = line.Faults,
            FaultKinds = line.FaultKinds,
            FaultEffects = line.FaultEffects,
            FaultVetoes = line.FaultVetoes,
            Buggify = line.Buggify,
            Sometimes = line.Sometimes,
            Metrics = line.Metrics,
            Configuration = line.Configuration,
        };
    }

    /// <summary>Why a seed failed.</summary>
    internal sealed record FailureLine(string Property, string Message, long AtMicros, long AtEvent);
}
