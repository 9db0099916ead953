using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>
/// A folder in which a campaign keeps what it has: <c>campaign.json</c> says what it is, <c>results.jsonl</c> has a line for each seed
/// that has ended, written when it ends. A campaign that was killed goes on from there; at most the line under way is lost.
/// </summary>
internal sealed class CampaignFolder : IDisposable
{
    /// <summary>The name of the file of results.</summary>
    public const string ResultsFile = "results.jsonl";

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly FileStream _results;

    private CampaignFolder(string path, FileStream results, IReadOnlyList<SeedResult> finished)
    {
        _path = path;
        _results = results;
        Finished = finished;
    }

    /// <summary>What had ended before, in the order of the file.</summary>
    public IReadOnlyList<SeedResult> Finished { get; }

    /// <summary>Begins a campaign, or goes on with one.</summary>
    /// <exception cref="UsageException">It holds results and is not to be resumed, or holds those of another campaign, or a damaged line.</exception>
    public static CampaignFolder Open(DirectoryInfo folder, CampaignHeader header, bool resume)
    {
        var path = folder.FullName;
        var exists = File.Exists(Path.Combine(path, CampaignHeader.FileName));
        if (exists && !resume) throw new UsageException($"The folder {path} holds results already: go on with --resume, or name another folder.");
        if (exists) EnsureSame(path, header, CampaignHeader.Read(path));
        folder.Create();
        var results = OpenAlone(path);
        try
        {
            var finished = exists ? ReadFinished(results, path) : [];
            if (!exists)
            {
                if (results.Length > 0) results.SetLength(0); // left behind without its header
                header.Write(path);
            }

            return new CampaignFolder(path, results, finished);
        }
        catch
        {
            results.Dispose();
            throw;
        }
    }

    /// <summary>The results of a campaign that is not running; a last line that was cut short is left out.</summary>
    /// <exception cref="UsageException">The file is missing or a line of it is damaged.</exception>
    public static IReadOnlyList<SeedResult> Read(string folder)
    {
        var file = Path.Combine(folder, ResultsFile);
        if (!File.Exists(file)) throw new UsageException($"The folder {folder} lacks its {ResultsFile}: run the campaign again in another folder.");
        return Parse(File.ReadAllBytes(file), folder, out _);
    }

    /// <summary>Adds the result of a seed that has ended. From any thread.</summary>
    /// <exception cref="UsageException">It cannot be written, for example since the disk is full.</exception>
    public void Add(SeedResult result)
    {
        var line = Encoding.UTF8.GetBytes(ResultLine.Write(result) + "\n");
        try
        {
            lock (_lock) _results.Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder {_path} takes no more results ({e.Message.TrimEnd('.')}): see to that, then go on with --resume.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _results.Dispose();

    private static void EnsureSame(string path, CampaignHeader wanted, CampaignHeader found)
    {
        var difference = found.DifferenceFrom(wanted)
            ?? (found.Shard != wanted.Shard ? $"shard {found.Shard}, not {wanted.Shard}" : null)
            ?? (found.Binaries != wanted.Binaries ? $"another build of commit {found.Commit}" : null);
        if (difference is not null) throw new UsageException($"The folder {path} holds results of {difference}: repeat the command that began it, or name another folder.");
    }

    private static FileStream OpenAlone(string path)
    {
        try
        {
            // Without a buffer: what could not be written is not tried again when the file is closed.
            return new FileStream(Path.Combine(path, ResultsFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (IOException)
        {
            throw new UsageException($"The folder {path} is in use by another campaign: let it end, or name another folder.");
        }
    }

    private static IReadOnlyList<SeedResult> ReadFinished(FileStream file, string folder)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var finished = Parse(bytes, folder, out var whole);
        file.SetLength(whole);
        file.Position = whole;
        return finished;
    }

    private static List<SeedResult> Parse(byte[] bytes, string folder, out int whole)
    {
        var results = new List<SeedResult>();
        whole = 0;
        while (Array.IndexOf(bytes, (byte)'\n', whole) is var end and >= 0)
        {
            var result = ResultLine.Read(Encoding.UTF8.GetString(bytes, whole, end - whole))
                ?? throw new UsageException($"Line {results.Count + 1} of {Path.Combine(folder, ResultsFile)} is damaged: take it out to run its seed again, or begin in another folder.");
            results.Add(result);
            whole = end + 1;
        }

        return results;
    }
}
