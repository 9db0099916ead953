using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Reads a log for its transactions: those that are open at its end, and the aborted ones of segments whose transaction index was lost or damaged.</summary>
internal static class TransactionScan
{
    /// <summary>Fills the transaction indexes of the segments that need it; nothing is read if none does.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask Complete(IReadOnlyList<LogSegment> segments)
    {
        var last = segments.Count - 1;
        while (last >= 0 && !segments[last].LacksTransactions) last--;
        var open = new OpenTransactions();
        for (var i = 0; i <= last; i++)
        {
            await Scan(segments[i], open);
            segments[i].LacksTransactions = false;
        }
    }

    /// <summary>
    /// The transactions that are open at the end of the log. The last entry of the transaction indexes bounds what must be read: whatever was
    /// open besides it, and is open still, began at its last stable offset or later.
    /// </summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask<OpenTransactions> OpenAtEnd(IReadOnlyList<LogSegment> segments)
    {
        var from = FirstUndecided(segments);
        var open = new OpenTransactions(from);
        foreach (var segment in new List<LogSegment>(segments))
        {
            if (segment.NextOffset > from) await Scan(segment, open);
        }

        return open;
    }

    private static long FirstUndecided(IReadOnlyList<LogSegment> segments)
    {
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (segments[i].Transactions is { Count: > 0 } index) return index[index.Count - 1].LastStableOffset;
        }

        return 0;
    }

    private static async LoopTask Scan(LogSegment segment, OpenTransactions open)
    {
        var scanner = new BatchScanner(segment.File, 0, segment.Size);
        while (await scanner.MoveNext())
        {
            var batch = scanner.Current;
            var isAbort = batch is { IsTransactional: true, IsControl: true } && await IsAbort(segment, scanner.Position);
            if (open.Note(batch, isAbort) is { } aborted && segment.LacksTransactions) segment.Transactions.Append(aborted);
        }
    }

    private static async LoopTask<bool> IsAbort(LogSegment segment, int position)
    {
        var whole = new BatchScanner(segment.File, position, segment.Size);
        return await whole.MoveNextWhole() && OpenTransactions.IsAbort(whole.Bytes.Span);
    }
}
