using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
    private readonly CampaignHeader? _header;
    private readonly IReadOnlyList<string> _made;
    private bool _isBegun;

    private CampaignFolder(string path, FileStream results, IReadOnlyList<SeedResult> finished, CampaignHeader? header, IReadOnlyList<string> made)
    {
        _path = path;
        _results = results;
        _header = header;
        _made = made;
        _isBegun = header is null;
        Finished = finished;
    }

    /// <summary>What had ended before, in the order of the file.</summary>
    public IReadOnlyList<SeedResult> Finished { get; }

    /// <summary>Takes the folder for a campaign that is to begin with <see cref="Begin"/>, or to go on. Until then the folder is left as it was found.</summary>
    /// <exception cref="UsageException">It holds results and is not to be resumed, or holds those of another campaign, or a damaged line.</exception>
    public static CampaignFolder Open(DirectoryInfo folder, CampaignHeader header, bool resume)
    {
        var path = folder.FullName;
        var exists = File.Exists(Path.Combine(path, CampaignHeader.FileName));
        if (exists && !resume) throw new UsageException($"The folder {path} holds results already: go on with --resume, or name another folder.");
        if (exists) EnsureSame(path, header, CampaignHeader.Read(path));
        List<string> made = [.. new[] { Path.Combine(path, ResultsFile), path }.Where(p => !Path.Exists(p))];
        folder.Create();
        var results = OpenAlone(path);
        try
        {
            return exists ? new CampaignFolder(path, results, ReadFinished(results, path), null, []) : new CampaignFolder(path, results, [], header, made);
        }
        catch
        {
            results.Dispose();
            throw;
        }
    }

    /// <summary>From now on the folder holds the campaign, and it can be resumed.</summary>
    public void Begin()
    {
        if (_isBegun) return;
        if (_results.Length > 0) _results.SetLength(0); // left behind without its header
        _header!.Write(_path);
        _isBegun = true;
    }

    /// <summary>The results of a campaign that is not running; a last line that was cut short is left out.</summary>
    /// <exception cref="UsageException">The file is missing or a line of it is damaged.</exception>
    public static IReadOnlyList<SeedResult> Read(string folder)
    {
        var file = Path.Combine(folder, ResultsFile);
        if (!File.Exists(file)) throw new UsageException($"The folder {folder} lacks its {ResultsFile}: run the campaign again in another folder.");
        try
        {
            return Parse(File.ReadAllBytes(file), folder, out _);
        }
        catch (IOException)
        {
            throw new UsageException($"The folder {folder} is in use by a campaign: let it end.");
        }
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

    /// <summary>Closes the folder; a campaign that was not begun leaves nothing behind.</summary>
    public void Dispose()
    {
        foreach (var path in _isBegun ? [] : _made) TakeAway(path); // before somebody else can take the folder
        _results.Dispose();
    }

    // Best left where it stands if somebody else uses it by now.
    private static void TakeAway(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path);
            else File.Delete(path);
        }
        catch (IOException)
        {
            // It stays, and does not keep the campaign from beginning the next time.
        }
    }

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
            return new FileStream(Path.Combine(path, ResultsFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
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
