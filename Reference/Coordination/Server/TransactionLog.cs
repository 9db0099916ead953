using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Reference.Coordination.Tree;
using Simulator.Platform;

namespace Reference.Coordination.Server;

/// <summary>
/// The durable side of the store: a directory of log files and snapshots. Two snapshots and the log since the older one are kept.
/// </summary>
internal sealed class TransactionLog(IDisk disk, string directory, ILogger log)
{
    private const int SnapshotsKept = 2;
    private const string LockName = ".lock";
    private const string DamagedSuffix = ".damaged";

    private IFile? _lock;
    private IFile? _file;
    private long _end;

    /// <summary>Rebuilds the tree from the newest intact snapshot and the log after it; cuts a torn tail.</summary>
    /// <exception cref="StoreInUseException">Another store uses the directory.</exception>
    /// <exception cref="StoreCorruptException">The files are damaged, or some are missing.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask<ZnodeTree> Recover()
    {
        await MakeDirectory();
        await Lock();
        var names = await disk.List(directory);
        foreach (var name in names)
        {
            if (name.EndsWith(".tmp", StringComparison.Ordinal)) await disk.Delete(PathOf(name));
        }

        var tree = await ReadSnapshot(names);
        var logs = LogsAfter(names, tree.LastZxid);
        for (var i = 0; i < logs.Count; i++) await Replay(tree, logs[i], isLast: i == logs.Count - 1);
        return tree;
    }

    /// <summary>Writes a frame and syncs it; with the first frame of a file its name too.</summary>
    /// <exception cref="DiskException">The disk failed: what is durable is now unknown, so the store must be recovered anew.</exception>
    public async LoopTask Append(long firstZxid, byte[] frame)
    {
        if (_file is { } open)
        {
            await open.Write(_end, frame);
            _end += frame.Length;
            await open.Sync();
            return;
        }

        var file = await disk.Open(PathOf(LogFormat.NameOf(firstZxid)), OpenMode.OpenOrCreate);
        await file.SetLength(0);
        await file.Write(0, (byte[])[.. LogFormat.Header(), .. frame]);
        await file.Sync();
        await disk.SyncDirectory(directory);
        _file = file;
        _end = LogFormat.HeaderBytes + frame.Length;
    }

    /// <summary>Writes a snapshot, begins a new log file with the next frame and deletes what is no longer needed.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async LoopTask Snapshot(long zxid, byte[] snapshot)
    {
        await disk.WriteAtomically(PathOf(SnapshotFormat.NameOf(zxid)), snapshot);
        _file?.Close();
        _file = null;
        await Purge();
    }

    /// <summary>Closes the open file and lets others use the directory.</summary>
    public void Close()
    {
        _file?.Close();
        _file = null;
        _lock?.Close();
        _lock = null;
    }

    private async LoopTask Lock()
    {
        try
        {
            _lock ??= await disk.Open(PathOf(LockName), OpenMode.Exclusive);
        }
        catch (DiskException e) when (e.Error == DiskError.Locked)
        {
            throw new StoreInUseException(directory);
        }
    }

    /// <summary>Makes the data directory durable: without a sync of what it stands in, a power loss takes the whole store away.</summary>
    private async LoopTask MakeDirectory()
    {
        var parents = new List<string> { DiskExtensions.ParentOf(directory) };
        while (!await disk.Exists(parents[^1])) parents.Add(DiskExtensions.ParentOf(parents[^1]));
        await disk.CreateDirectory(directory);
        foreach (var parent in parents) await disk.SyncDirectory(parent);
    }

    private async LoopTask<ZnodeTree> ReadSnapshot(IReadOnlyList<string> names)
    {
        StoreCorruptException? newest = null;
        var snapshots = Sorted(names, SnapshotFormat.ZxidOf);
        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            var path = PathOf(SnapshotFormat.NameOf(snapshots[i]));
            var bytes = await disk.ReadAllBytes(path);
            try
            {
                return SnapshotFormat.Read(path, bytes);
            }
            catch (StoreCorruptException e)
            {
                log.LogWarning("Passing over a damaged snapshot: {Reason}", e.Message);
                newest ??= e;
            }
        }

        return newest is null ? new ZnodeTree() : throw newest;
    }

    /// <summary>The log files that hold transactions after a snapshot's, ascending.</summary>
    private static List<long> LogsAfter(IReadOnlyList<string> names, long snapshotZxid)
    {
        var logs = Sorted(names, LogFormat.FirstZxidOf);
        while (logs.Count > 1 && logs[1] <= snapshotZxid + 1) logs.RemoveAt(0);
        return logs;
    }

    private async LoopTask Replay(ZnodeTree tree, long firstZxid, bool isLast)
    {
        var path = PathOf(LogFormat.NameOf(firstZxid));
        var file = await disk.Open(path, OpenMode.OpenExisting);
        var bytes = new byte[file.Length];
        var read = await file.ReadFully(0, bytes);
        var transactions = new List<Transaction>();
        var whole = LogFormat.Read(path, bytes.AsSpan(0, read), isLast, transactions);
        foreach (var transaction in transactions) ReplayOne(tree, path, transaction);
        if (!isLast)
        {
            file.Close();
            return;
        }

        if (whole < LogFormat.HeaderBytes && !LogFormat.IsTornHeader(bytes.AsSpan(0, read)))
        {
            file.Close();
            await SetAside(path, read);
            return;
        }

        if (whole < read) log.LogWarning("Cutting {Path} from {Length} to {Whole} bytes: its tail is no whole transaction. After a power loss that is right, since it was never acknowledged; otherwise look after the disk", path, read, whole);
        await KeepOpen(file, path, bytes.AsMemory(0, whole));
    }

    /// <summary>
    /// The last file begins like no log and holds no whole transaction. That is what a power loss leaves of one that had just been begun, of
    /// which nothing was acknowledged; but who knows what else it was. It is kept for the operator, under a name that no log has.
    /// </summary>
    private async LoopTask SetAside(string path, int length)
    {
        var aside = await FreeName(path + DamagedSuffix);
        log.LogError(
            "{Path} ({Length} bytes) does not begin like a transaction log and holds no whole transaction: it is kept as {Aside}, and the store goes on without it. After a "
            + "power loss that is right, since nothing of it was acknowledged; if it did hold transactions, stop the server and restore the file from a backup",
            path,
            length,
            aside);
        await disk.Rename(path, aside);
        await disk.SyncDirectory(directory);
    }

    /// <summary>A name that no file has: an earlier one set aside, whose log began at the same transaction, is kept as well.</summary>
    private async LoopTask<string> FreeName(string path)
    {
        var free = path;
        for (var i = 1; await disk.Exists(free); i++) free = $"{path}.{i.ToString(CultureInfo.InvariantCulture)}";
        return free;
    }

    /// <summary>
    /// Goes on writing behind the whole part. It is written once more and synced first: it may stand in the page cache only, perhaps
    /// since a sync that failed, which would let the next one end well without a deed; and it is about to be read by clients.
    /// </summary>
    private async LoopTask KeepOpen(IFile file, string path, ReadOnlyMemory<byte> whole)
    {
        if (whole.Length < LogFormat.HeaderBytes)
        {
            file.Close();
            await disk.Delete(path);
            await disk.SyncDirectory(directory);
            return;
        }

        await file.SetLength(whole.Length);
        await file.Write(0, whole);
        await file.Sync();
        await disk.SyncDirectory(directory);
        _file = file;
        _end = whole.Length;
    }

    private static void ReplayOne(ZnodeTree tree, string path, Transaction transaction)
    {
        if (transaction.Zxid <= tree.LastZxid) return;
        const string Remedy = "Restore the missing files from a backup, or move the data directory away to begin with an empty store.";
        if (transaction.Zxid != tree.LastZxid + 1)
        {
            throw new StoreCorruptException(
                path, 0, $"transaction {transaction.Zxid} follows {tree.LastZxid}; those between are missing", Remedy);
        }

        var result = tree.Apply(transaction);
        if (result.Error != CoordinationError.Ok)
        {
            throw new StoreCorruptException(
                path, 0, $"transaction {transaction.Zxid} cannot be applied to the snapshot before it ({result.Error})", Remedy);
        }
    }

    private async LoopTask Purge()
    {
        var names = await disk.List(directory);
        var snapshots = Sorted(names, SnapshotFormat.ZxidOf);
        if (snapshots.Count < SnapshotsKept) return;
        var oldestKept = snapshots[^SnapshotsKept];
        foreach (var zxid in snapshots)
        {
            if (zxid < oldestKept) await disk.Delete(PathOf(SnapshotFormat.NameOf(zxid)));
        }

        var logs = Sorted(names, LogFormat.FirstZxidOf);
        for (var i = 0; i + 1 < logs.Count && logs[i + 1] <= oldestKept + 1; i++) await disk.Delete(PathOf(LogFormat.NameOf(logs[i])));
        await disk.SyncDirectory(directory);
    }

    private static List<long> Sorted(IReadOnlyList<string> names, Func<string, long?> parse)
    {
        var numbers = new List<long>();
        foreach (var name in names)
        {
            if (parse(name) is { } number) numbers.Add(number);
        }

        numbers.Sort();
        return numbers;
    }

    private string PathOf(string name) => directory + "/" + name;
}
