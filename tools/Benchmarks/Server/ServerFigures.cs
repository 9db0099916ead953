using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Reference.Clients.Administration;
using Reference.Hosting;
using Reference.Wire.Records;

namespace tools.Benchmarks.Server;

/// <summary>Takes the server's figures one after the other, each with a server of its own on a folder of its own.</summary>
internal sealed class ServerFigures(ServerBenchmarkOptions options, string folder, CancellationToken cancellation)
{
    private const string Topic = "measured";
    private const int Warmup = 5_000;
    private const int Mebibyte = 1 << 20;
    private const int TopicPartitions = 50; // what is surely made within a request's time
    private const long HeapCollect = 0x800000; // the runtime's event keyword that makes it collect the whole heap
    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    /// <summary>From the start of the process to the first answer, on an empty directory.</summary>
    public async Task<IReadOnlyList<Figure>> Start()
    {
        await MeasuredBroker.TimeHelp(); // its files are in memory from now on
        var help = await MeasuredBroker.TimeHelp();
        using var broker = await MeasuredBroker.Start(Sub("start"), cancellation);
        return [new("start", "start of an empty server to its first ApiVersions answer", broker.UntilFirstAnswer.TotalSeconds, "s", help.TotalSeconds, "the same program printing its help")];
    }

    /// <summary>Records and bytes per second of one producer.</summary>
    public async Task<IReadOnlyList<Figure>> Produce(int recordBytes)
    {
        using var broker = await StartWithTopic($"produce-{recordBytes}");
        await new SteadyProducer(broker.Endpoint, Topic, recordBytes, s_linger).SendAll(Warmup, cancellation);
        var count = Math.Max(1, options.ProduceMegabytes * 1_000_000L / recordBytes);
        var (seconds, _) = await new SteadyProducer(broker.Endpoint, Topic, recordBytes, s_linger).SendAll(count, cancellation);
        using var plain = new PlainTransfer(Path.Combine(folder, $"plain-{recordBytes}"), SteadyProducer.BatchBytes);
        plain.Throughput(Warmup * recordBytes, SteadyProducer.InFlight, cancellation);
        var baseline = plain.Throughput(count * recordBytes, SteadyProducer.InFlight, cancellation) / 1e6;
        var what = $"produce, {recordBytes}-byte records, acks=all, one producer, batch.size {SteadyProducer.BatchBytes}, linger.ms {s_linger.TotalMilliseconds:0}";
        const string chunks = "socket and file alone, chunks of batch.size";
        return
        [
            new($"produce-{recordBytes}-records", what, count / seconds, "records/s", baseline * 1e6 / recordBytes, chunks),
            new($"produce-{recordBytes}-bytes", what, count * recordBytes / seconds / 1e6, "MB/s", baseline, chunks),
        ];
    }

    /// <summary>Median and 99th percentile of the latency at a steady rate.</summary>
    public async Task<IReadOnlyList<Figure>> Latency()
    {
        const int recordBytes = 100;
        using var broker = await StartWithTopic("latency");
        var count = options.Rate * options.Seconds;
        var producer = new SteadyProducer(broker.Endpoint, Topic, recordBytes, TimeSpan.Zero);
        await producer.Latencies(options.Rate, options.Rate, cancellation);
        var latencies = await producer.Latencies(count, options.Rate, cancellation);
        using var plain = new PlainTransfer(Path.Combine(folder, "plain-latency"), recordBytes);
        var baseline = plain.Latencies(count, options.Rate, cancellation);
        return [Percentile(50), Percentile(99)];

        Figure Percentile(int percent) => new(
            $"latency-p{percent}",
            string.Create(CultureInfo.InvariantCulture, $"p{percent} of produce latency, {options.Rate} records of {recordBytes} bytes a second, acks=all, linger.ms 0"),
            Of(latencies, percent),
            "ms",
            Of(baseline, percent),
            "socket and file alone, at the same rate");
    }

    /// <summary>Start after SIGKILL: without the mark of a clean shutdown the whole log is read again.</summary>
    public async Task<IReadOnlyList<Figure>> Recovery()
    {
        const int recordBytes = 1024;
        const string oneSegment = "log.segment.bytes=2147483647"; // what a roll has flushed would not be read again
        var count = (long)options.RecoveryMebibytes * Mebibyte / recordBytes;
        using (var broker = await StartWithTopic("recovery", oneSegment))
        {
            await new SteadyProducer(broker.Endpoint, Topic, recordBytes, s_linger).SendAll(count, cancellation);
            await broker.Kill();
        }

        var logs = Path.Combine(Sub("recovery"), "logs");
        if (File.Exists(Path.Combine(logs, ".kafka_cleanshutdown"))) throw new InvalidOperationException("The killed server has left the mark of a clean shutdown.");
        var segments = Directory.GetFiles(Path.Combine(logs, $"{Topic}-0"), "*.log");
        var plain = ReadAll(segments);
        using var again = await MeasuredBroker.Start(Sub("recovery"), cancellation, settings: oneSegment);
        var (_, last) = await new SteadyProducer(again.Endpoint, Topic, recordBytes, TimeSpan.Zero).SendAll(1, cancellation);
        if (last != count) throw new InvalidOperationException($"{count} records had been acknowledged, but after the recovery the next offset is {last}.");
        await again.Stop();
        using var clean = await MeasuredBroker.Start(Sub("recovery"), cancellation, settings: oneSegment);
        return
        [
            new(
                "recovery",
                $"start after SIGKILL with a log of {options.RecoveryMebibytes} MiB in one segment, to the first ApiVersions answer",
                again.UntilFirstAnswer.TotalSeconds,
                "s",
                plain.TotalSeconds,
                "reading the log once with CRC-32C, from the same page cache"),
            new("start-clean", "start with the same log after an orderly stop", clean.UntilFirstAnswer.TotalSeconds, "s"),
        ];
    }

    /// <summary>Resident memory and start of a server with many partitions that nobody uses, beside one without.</summary>
    public async Task<IReadOnlyList<Figure>> IdlePartitions()
    {
        double without;
        double startWithout;
        using (var broker = await MeasuredBroker.Start(Sub("partitions"), cancellation, isDiagnosable: true))
        {
            startWithout = broker.UntilFirstAnswer.TotalSeconds;
            without = await ResidentAtRest(broker);
            await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = [broker.Endpoint] });
            for (var made = 0; made < options.Partitions; made += TopicPartitions)
                await admin.CreateTopicsAsync([new NewTopic($"idle-{made}", Math.Min(TopicPartitions, options.Partitions - made), 1)], cancellation);
            await broker.Stop();
        }

        using var full = await MeasuredBroker.Start(Sub("partitions"), cancellation, isDiagnosable: true);
        var with = await ResidentAtRest(full);
        var start = full.UntilFirstAnswer.TotalSeconds;
        await full.Stop();
        return
        [
            new("memory-empty", "resident memory without a partition", without, "MiB"),
            new($"memory-partitions", $"resident memory per 1,000 idle partitions, of {options.Partitions}", (with - without) * 1000 / options.Partitions, "MiB"),
            new("start-partitions", $"start with {options.Partitions} partitions to the first ApiVersions answer", start, "s", startWithout, "the start without a partition"),
        ];
    }

    /// <summary>What is in RAM, in MiB, after the heap was collected and nothing was asked for some seconds.</summary>
    private async Task<double> ResidentAtRest(MeasuredBroker broker)
    {
        for (var i = 0; i < 3; i++)
        {
            using var session = new DiagnosticsClient(broker.ProcessId).StartEventPipeSession(
                [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect)], requestRundown: false, circularBufferMB: 1);
            var reading = session.EventStream.CopyToAsync(Stream.Null, cancellation);
            await Task.Delay(s_settling, cancellation);
            session.Stop();
            await reading;
        }

        return (double)broker.ResidentBytes / Mebibyte;
    }

    private async Task<MeasuredBroker> StartWithTopic(string name, params string[] settings)
    {
        var broker = await MeasuredBroker.Start(Sub(name), cancellation, settings: settings);
        try
        {
            await using var admin = await KafkaAdmin.StartAsync(new AdminOptions { BootstrapServers = [broker.Endpoint] });
            await admin.CreateTopicsAsync([new NewTopic(Topic, 1, 1)], cancellation);
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    private TimeSpan ReadAll(IEnumerable<string> files)
    {
        var started = Stopwatch.GetTimestamp();
        var buffer = new byte[Mebibyte];
        foreach (var path in files)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            while (file.Read(buffer) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                Crc32C.Compute(buffer.AsSpan(0, read));
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static double Of(IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }

    private string Sub(string name) => Path.Combine(folder, name);
}
