using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// Splits a segment found on disk whose offsets 4 bytes cannot tell from its base: compactions of old brokers merged too many
/// (KAFKA-6264). Its batches go into several, each beginning where the one before ends or, if its first batch lies too far beyond that, with
/// that batch, as a roll does it.
/// </summary>
/// <remarks>
/// Crash-safe: the parts are written whole as <c>.cleaned</c> and get the suffix <c>.swap</c> durably one by one, the last part first.
/// As long as the first is not among them <see cref="SwapCompletion"/> throws them away; after that it puts all of them in the old
/// one's place.
/// </remarks>
internal static class SegmentSplit
{
    private const int CopyBytes = 1 << 16;

    /// <summary>Prepares the split of a segment that is closed; nothing happens if its offsets fit.</summary>
    /// <returns>True if there are parts, which <see cref="SwapCompletion"/> is to put in its place.</returns>
    /// <exception cref="CorruptLogException">No batch stands where one should.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask<bool> Prepare(Node node, string directory, long baseOffset)
    {
        var file = await node.Disk.Open(LogFiles.Path(directory, baseOffset, LogFiles.Log), OpenMode.OpenExisting);
        var parts = await Parts(file, baseOffset);
        if (parts.Count > 1)
        {
            foreach (var part in parts) await Copy(node, directory, file, part);
            await node.Disk.SyncDirectory(directory);
            for (var i = parts.Count - 1; i >= 0; i--)
            {
                var path = LogFiles.Path(directory, parts[i].BaseOffset, LogFiles.Log);
                await node.Disk.Rename(path + LogFiles.Cleaned, path + LogFiles.Swap);
                await node.Disk.SyncDirectory(directory);
            }
        }

        file.Close();
        return parts.Count > 1;
    }

    private static async LoopTask<List<Part>> Parts(IFile file, long baseOffset)
    {
        var parts = new List<Part> { new(baseOffset, 0, 0) };
        var end = baseOffset;
        var scanner = new BatchScanner(file, 0, (int)Math.Min(file.Length, int.MaxValue));
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            if (batch.LastOffset - parts[^1].BaseOffset > int.MaxValue)
                parts.Add(new Part(batch.LastOffset - end > int.MaxValue ? batch.BaseOffset : end, scanner.Position, scanner.Position));
            parts[^1] = parts[^1] with { End = scanner.Position + batch.SizeInBytes };
            end = batch.LastOffset + 1;
        }

        return scanner.Problem is { } problem ? throw new CorruptLogException(file.Path, scanner.Position, problem) : parts;
    }

    private static async LoopTask Copy(Node node, string directory, IFile from, Part part)
    {
        var to = await node.Disk.Open(LogFiles.Path(directory, part.BaseOffset, LogFiles.Log) + LogFiles.Cleaned, OpenMode.OpenOrCreate);
        await to.SetLength(0);
        var buffer = new byte[Math.Min(CopyBytes, part.End - part.Start)];
        for (var position = part.Start; position < part.End;)
        {
            var count = await from.Read(position, buffer.AsMemory(0, Math.Min(buffer.Length, part.End - position)));
            await to.Write(position - part.Start, buffer.AsMemory(0, count));
            position += count;
        }

        await to.Sync();
        to.Close();
    }

    /// <summary>Batches from one byte up to another, which begin a segment of their own.</summary>
    private readonly record struct Part(long BaseOffset, int Start, int End);
}
