using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Clients;
using Reference.Clients.Producing;

namespace Reference.Hosting;

/// <summary>A producer over sockets with ordinary tasks; safe to use from any thread. Disposing waits for what was sent.</summary>
public sealed class KafkaProducer : IAsyncDisposable
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(30);
    private readonly ClientNode<Producer> _node;

    private KafkaProducer(ClientNode<Producer> node) => _node = node;

    /// <summary>Starts a producer.</summary>
    /// <remarks>Options that contradict each other are a ConfigException.</remarks>
    public static async Task<KafkaProducer> StartAsync(ProducerOptions options, ILoggerFactory? logs = null) =>
        new(await ClientNode<Producer>.Start(options.ClientId, n => new Producer(n, options), logs ?? NullLoggerFactory.Instance));

    /// <summary>
    /// Sends a record; ends with its acknowledgement. Cancelling stops the waiting only: the record may still be appended.
    /// </summary>
    /// <exception cref="KafkaException">Refused, or of unknown outcome.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public Task<RecordMetadata> SendAsync(ProducerRecord record, CancellationToken cancellation = default) =>
        cancellation.IsCancellationRequested ? Task.FromCanceled<RecordMetadata>(cancellation) : _node.Invoke(p => p.Send(record)).WaitAsync(cancellation);

    /// <summary>Ends when each record sent before is acknowledged or has failed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => _node.Run(static p => p.Flush()).WaitAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.Stop(static p => p.Close(s_closing));
}
