using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Reference.Clients;
using Scenarios.History;
using tools.RealCluster.Processes;

namespace tools.RealCluster.Clients;

/// <summary>
/// kcat as one more client. It writes rounds of lines, each by a process of its own whose exit code says whether all of its lines were
/// acknowledged (at which offsets it does not say); at the end it reads everything.
/// </summary>
/// <param name="program">kcat's name on PATH, or its path.</param>
/// <param name="servers">The brokers.</param>
/// <param name="acks">-1 for all, or 1.</param>
/// <param name="topic">Where it writes.</param>
/// <param name="partitions">Number of its partitions.</param>
/// <param name="history">Where it notes what it does.</param>
public sealed class KcatClient(string program, string servers, short acks, string topic, int partitions, RecordedHistory history)
{
    private const int LinesPerRound = 100;

    /// <summary>Its name in the history.</summary>
    public const string Name = "kcat";

    /// <summary>Writes round after round until told to stop.</summary>
    public async Task Run(CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++) await Write(round, round % partitions);
    }

    /// <summary>Reads all partitions from the beginning to their ends.</summary>
    /// <exception cref="NoProgressException">kcat failed.</exception>
    public async Task ReadAll()
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            var (succeeded, output) = await Programs.Run([program, "-b", servers, "-C", "-t", topic, "-p", $"{partition}", "-o", "beginning", "-e", "-q", "-f", "%o %s\\n"]);
            if (!succeeded) throw new NoProgressException($"kcat could not read partition {partition}: {output}");
            var name = new TopicPartition(topic, partition).ToString();
            history.AddReads(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Parse(name, line)));
        }
    }

    private static ReadOperation Parse(string partition, string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return long.TryParse(line.AsSpan(0, Math.Max(0, space)), CultureInfo.InvariantCulture, out var offset)
            ? new ReadOperation(Name, partition, 0, 0, offset, line[(space + 1)..])
            : throw new NoProgressException($"kcat wrote '{line}' in the place of a record");
    }

    private async Task Write(int round, int partition)
    {
        var name = new TopicPartition(topic, partition).ToString();
        List<string> lines = [.. Enumerable.Range(0, LinesPerRound).Select(i => $"kcat-{round}-{i}")];
        var sends = lines.ConvertAll(l => history.BeginSend(Name, round, name, l));
        using var kcat = new ChildProcess([program, "-b", servers, "-P", "-t", topic, "-p", $"{partition}", "-X", $"acks={acks}", "-X", "topic.metadata.refresh.interval.ms=500", "-X", "message.timeout.ms=40000"]);
        await kcat.WriteAll(lines);
        await kcat.Ended;
        foreach (var send in sends) history.EndSend(send, kcat.ExitCode == 0 ? SendOutcome.Acknowledged : SendOutcome.Unknown);
    }
}
