using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Scenarios.History;

namespace tools.RealCluster.Clients;

/// <summary>A <see cref="ClientHistory"/> that clients on many threads write, and that tells of its progress.</summary>
/// <param name="findFailure">Says why waiting for progress has become vain, or null.</param>
public sealed class RecordedHistory(Func<string?> findFailure)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private readonly ClientHistory _history = new();
    private readonly Lock _gate = new();
    private long _acknowledged;

    /// <summary>Number of acknowledged records.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>A send begins.</summary>
    /// <param name="producer">Who sends.</param>
    /// <param name="burst">Counts the producer's bursts.</param>
    /// <param name="partition">"topic-partition".</param>
    /// <param name="value">What; unique over the run.</param>
    public SendOperation BeginSend(string producer, int burst, string partition, string value)
    {
        // The checkers are to hold it against the cluster if it is lost, whatever the acknowledgement was worth.
        lock (_gate) return _history.BeginSend(producer, burst, partition, value, allReplicas: true);
    }

    /// <summary>A send ends.</summary>
    public void EndSend(SendOperation send, SendOutcome outcome, long offset = -1)
    {
        lock (_gate)
        {
            _history.EndSend(send, outcome, offset);
            Volatile.Write(ref _acknowledged, _history.Acknowledged);
        }
    }

    /// <summary>A poll gave these records.</summary>
    public void AddReads(IEnumerable<ReadOperation> reads)
    {
        lock (_gate)
        {
            foreach (var read in reads) _history.AddRead(read);
        }
    }

    /// <summary>The offset after the highest one at which a record of a partition is known to stand.</summary>
    public long KnownEnd(string partition)
    {
        lock (_gate)
        {
            return _history.Sends.Where(s => s.Partition == partition && s.Outcome == SendOutcome.Acknowledged).Select(s => s.Offset + 1)
                .Concat(_history.News.Where(r => r.Partition == partition).Select(r => r.Offset + 1))
                .DefaultIfEmpty(0).Max();
        }
    }

    /// <summary>Number of acknowledged records of a producer.</summary>
    public int AcknowledgedOf(string producer)
    {
        lock (_gate) return _history.Sends.Count(s => s.Producer == producer && s.Outcome == SendOutcome.Acknowledged);
    }

    /// <summary>Number of records that a consumer has read.</summary>
    public int ReadBy(string consumer)
    {
        lock (_gate) return _history.Reads.Count(r => r.Consumer == consumer);
    }

    /// <summary>Waits until so many more records have been acknowledged.</summary>
    /// <exception cref="NoProgressException">They were not in 60 s, or cannot be any more.</exception>
    public async Task Acknowledge(int more, CancellationToken cancellation)
    {
        var goal = Acknowledged + more;
        var deadline = DateTime.UtcNow + s_patience;
        using var pace = new PeriodicTimer(s_look);
        while (Acknowledged < goal)
        {
            if (findFailure() is { } failure) throw new NoProgressException(failure);
            if (DateTime.UtcNow > deadline) throw new NoProgressException($"Within {s_patience.TotalSeconds} s only {more - (goal - Acknowledged)} of {more} records were acknowledged");
            await pace.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>The history itself, once all clients have ended.</summary>
    public ClientHistory End() => _history;
}
