using System.IO;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Replay;

/// <summary>A run as a file: its script, where it comes from and what came of it.</summary>
public sealed record ReplayFile
{
    /// <summary>The version of the format that is read and written here.</summary>
    public const int Schema = 1;

    /// <summary>How the names of such files end.</summary>
    public const string Extension = ".replay.json";

    /// <summary>The commit of the code that ran; <c>unknown</c> outside a repository.</summary>
    public required string Commit { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The seed that the run was grown from; for information, a replay does without it.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The number of the bug that was planted, or null for the clean build.</summary>
    public int? Mutant { get; init; }

    /// <summary>What failed; null if all held.</summary>
    public ReplayVerdict? Failure { get; init; }

    /// <summary>The hash over all events of the run.</summary>
    public required ulong Hash { get; init; }

    /// <summary>The run.</summary>
    public required RunScript Script { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ReplayException">It does not exist, is no JSON, of another schema, or something in it is missing or malformed.</exception>
    public static ReplayFile Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (System.Exception e) when (e is IOException or System.UnauthorizedAccessException)
        {
            throw new ReplayException($"The replay file {path} cannot be read: {e.Message}");
        }

        return ReplayReader.Read(text, path);
    }

    /// <summary>Writes the file, whole or not at all; one that stands there already is kept.</summary>
    /// <exception cref="ReplayException">There is a file of that name, and <paramref name="overwrite"/> is not set.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path, bool overwrite = false)
    {
        if (!overwrite && File.Exists(path)) throw Exists(path);
        try
        {
            WholeFile.Write(path, ToJson(), overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path); // by another process, since it was asked
        }
    }

    private static ReplayException Exists(string path) => new($"The file {path} exists already: name another one, or say that it may be overwritten.");

    /// <summary>The file's text. The same run gives the same text.</summary>
    public string ToJson() => ReplayWriter.Write(this);

    /// <summary>Runs it.</summary>
    /// <exception cref="ReplayException">It does not fit the scenario.</exception>
    public SeedResult Run(Scenario scenario, RunOptions? options = null) => SeedRunner.Replay(scenario, Script, Seed ?? 0, options);
}

/// <summary>How a run failed.</summary>
/// <param name="Property">The property that broke.</param>
/// <param name="Message">The offending state, in words.</param>
/// <param name="AtMicros">Virtual time in microseconds.</param>
/// <param name="AtEvent">Number of the event after which it was seen.</param>
public sealed record ReplayVerdict(string Property, string Message, long AtMicros, long AtEvent)
{
    /// <summary>The verdict of a run; null if all held.</summary>
    public static ReplayVerdict? Of(SimFailure? failure) => failure is null ? null : new ReplayVerdict(failure.Property, failure.Message, failure.AtMicros, failure.AtEvent);
}
