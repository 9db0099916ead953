using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;

namespace Simulator.Engine.Replay;

/// <summary>Reads replay files. Whatever is wrong with one is said in one sentence that names the place.</summary>
internal static class ReplayReader
{
    public const string Quiet = "quiet";

    public static ReplayFile Read(string json, string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new ReplayException($"{path} is no JSON: {Where(e)}.");
        }

        using (document) return ReadFile(new JsonPlace(document.RootElement, path, string.Empty));
    }

    private static ReplayFile ReadFile(JsonPlace root)
    {
        var schema = root["schema"].Number(0, int.MaxValue);
        if (schema != ReplayFile.Schema) throw new ReplayException($"{root.File} is of schema {schema}, and only schema {ReplayFile.Schema} can be read here: use the build that wrote it.");
        root.EnsureOnly("schema", "commit", "scenario", "seed", "mutant", "failure", "hash", "configuration", "phases", "faults", "operations", "streams");
        return new ReplayFile
        {
            Commit = root["commit"].Text(),
            Scenario = root["scenario"].Text(),
            Seed = root.Maybe("seed")?.UnsignedNumber(),
            Mutant = root.Maybe("mutant") is { } mutant ? (int)mutant.Number(0, int.MaxValue) : null,
            Failure = root.Maybe("failure") is { } failure ? ReadVerdict(failure) : null,
            Hash = root["hash"].Hex(),
            Script = ReadScript(root),
        };
    }

    private static ReplayVerdict ReadVerdict(JsonPlace failure)
    {
        failure.EnsureOnly("property", "message", "at", "event");
        return new ReplayVerdict(failure["property"].Text(), failure["message"].Text(), (long)failure["at"].Seconds().TotalMicroseconds, failure["event"].Number(0, long.MaxValue));
    }

    private static RunScript ReadScript(JsonPlace root)
    {
        var phases = root["phases"];
        phases.EnsureOnly("warmUp", "faults", "recoveryLimit", "finalReadLimit", "end");
        return new RunScript
        {
            Configuration = root["configuration"].Texts(),
            Phases = new Phases(
                phases["warmUp"].Seconds(),
                phases["faults"].Seconds(),
                phases["recoveryLimit"].Seconds(),
                phases["finalReadLimit"].Seconds()),
            End = phases.Maybe("end")?.Seconds(),
            Faults = root["faults"].Items().Select(ReadFault).ToList(),
            Operations = root["operations"].Items().Select(ReadOperation).OrderBy(o => o.At).ToList(),
            Streams = ReadStreams(root["streams"]),
        };
    }

    private static PlannedFault ReadFault(JsonPlace fault)
    {
        fault.EnsureOnly("at", "kind", "for", "parameters");
        return new PlannedFault(fault["at"].Seconds(), new FaultPlan(fault["kind"].Text(), fault["for"].Seconds(), fault["parameters"].Texts()));
    }

    private static PlannedOperation ReadOperation(JsonPlace operation)
    {
        operation.EnsureOnly("at", "actor", "what", "parameters");
        return new PlannedOperation(operation["at"].Seconds(), operation["actor"].Text(), operation["what"].Text(), operation["parameters"].Texts());
    }

    private static SortedDictionary<string, StreamStart> ReadStreams(JsonPlace streams)
    {
        var starts = new SortedDictionary<string, StreamStart>(StringComparer.Ordinal);
        foreach (var name in streams.Names()) starts[name] = streams[name].Text() == Quiet ? StreamStart.Quiet : new StreamStart(streams[name].Hex());
        return starts;
    }

    private static string Where(JsonException e) => e.LineNumber is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"it breaks off or goes wrong at line {line + 1}, column {e.BytePositionInLine + 1}")
        : "it breaks off or goes wrong";
}
