using Microsoft.Extensions.Logging;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// Finishes the exchange of segments for others that a crash interrupted: a <c>.swap</c> file is whole, and replaces all segments that
/// begin in its range. Those at or behind a file that still is <c>.cleaned</c> belong to a split that had not come so far
/// (<see cref="SegmentSplit"/>), and are thrown away first.
/// </summary>
internal static class SwapCompletion
{
    /// <summary>Finishes all exchanges in a partition's directory.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask Run(Node node, string directory)
    {
        var log = node.Logs.CreateLogger("storage");
        await DropUnfinishedSplit(node, directory);
        foreach (var name in await node.Disk.List(directory))
        {
            if (LogFiles.BaseOffset(name, LogFiles.Log + LogFiles.Swap) is not { } baseOffset) continue;
            var swap = $"{directory}/{name}";
            var (end, problem) = await Read(node, swap, baseOffset);
            var path = LogFiles.Path(directory, baseOffset, LogFiles.Log);
            if (problem is not null && await node.Disk.Exists(path))
            {
                log.LogWarning("{Swap} is thrown away, and what it was to replace stays: {Problem}", swap, problem);
                await node.Disk.Delete(swap);
                continue;
            }

            log.LogInformation("Finishing the compaction of {Path}", path);
            await DeleteReplaced(node, directory, baseOffset, end);
            await node.Disk.SyncDirectory(directory);
            await node.Disk.Rename(swap, path);
            await node.Disk.SyncDirectory(directory);
        }
    }

    private static async LoopTask DropUnfinishedSplit(Node node, string directory)
    {
        var names = await node.Disk.List(directory);
        long? first = null;
        foreach (var name in names) first ??= LogFiles.BaseOffset(name, LogFiles.Log + LogFiles.Cleaned); // names are in the order of offsets
        var any = false;
        foreach (var name in names)
        {
            if (first is null || LogFiles.BaseOffset(name, LogFiles.Log + LogFiles.Swap) is not { } offset || offset < first) continue;
            await node.Disk.Delete($"{directory}/{name}");
            any = true;
        }

        if (any) await node.Disk.SyncDirectory(directory); // before the .cleaned ones go, which tell of it
    }

    private static async LoopTask DeleteReplaced(Node node, string directory, long from, long end)
    {
        foreach (var name in await node.Disk.List(directory))
        {
            foreach (var suffix in LogFiles.OfSegment)
            {
                if (LogFiles.BaseOffset(name, suffix) is { } offset && offset >= from && (offset == from || offset < end)) await node.Disk.Delete($"{directory}/{name}");
            }
        }
    }

    private static async LoopTask<(long End, string? Problem)> Read(Node node, string path, long baseOffset)
    {
        var file = await node.Disk.Open(path, OpenMode.OpenExisting);
        var (end, problem) = (baseOffset, file.Length > int.MaxValue ? "it is too long." : null);
        var scanner = new BatchScanner(file, 0, problem is null ? (int)file.Length : 0);
        while (problem is null && await scanner.MoveNextWhole())
        {
            var verdict = RecordBatchValidator.ValidateEnvelope(scanner.Bytes.Span);
            problem = verdict.IsSound ? Misplaced(scanner.Current, baseOffset, end) : verdict.Detail;
            if (problem is null) end = scanner.Current.LastOffset + 1;
        }

        file.Close();
        return (end, problem ?? scanner.Problem);
    }

    /// <summary>No checksum covers where a batch stands, and whatever lies below the end of a swap file is deleted.</summary>
    private static string? Misplaced(BatchHeader batch, long baseOffset, long next) =>
        batch.BaseOffset < next || batch.LastOffset - baseOffset > int.MaxValue
            ? $"a batch has offsets {batch.BaseOffset} to {batch.LastOffset}, which cannot stand behind {next} in this segment."
            : null;
}
