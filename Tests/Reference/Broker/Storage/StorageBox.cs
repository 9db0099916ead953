using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Text;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Engine;
using Simulator.Platform;
using Tests.Support;

namespace Tests.Reference.Broker.Storage;

/// <summary>One machine whose processes come and go while its disk stays: each <see cref="Run"/> is a process.</summary>
internal sealed class StorageBox
{
    public const string Root = "/data";

    public StorageBox(ulong seed = 1, WorldOptions? options = null)
    {
        World = new SimWorld(seed, options);
        Machine = World.AddMachine("broker");
    }

    public static TopicPartition Orders { get; } = new("orders", 0);

    public SimWorld World { get; }

    public SimMachine Machine { get; }

    public LogDecisions Decisions { get; init; } = LogDecisions.Kafka;

    public LogConfig Config { get; set; } = LogConfig.Default;

    /// <summary>Runs a process to its end; what it throws is thrown here.</summary>
    public void Run(Func<Node, LoopTask> program)
    {
        Exception? error = null;
        var ended = false;
        Machine.Exited = (_, e) => (error, ended) = (e, true);
        Machine.Start(program);
        if (!World.RunUntil(() => ended, TimeSpan.FromHours(1))) throw new InvalidOperationException($"The process did not end. {World.Failure?.Message}");
        if (error is not null) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Runs a process that loads all logs, works on them and crashes at its end.</summary>
    public void RunManager(Func<LogManager, LoopTask> work) => Run(async node =>
    {
        var manager = await Load(node);
        await work(manager);
    });

    /// <summary>The same on the log of <see cref="Orders"/>.</summary>
    public void RunLog(Func<PartitionLog, LoopTask> work, bool shutDown = false) => RunManager(async manager =>
    {
        await work(await manager.GetOrCreate(Orders));
        if (shutDown) await manager.Shutdown();
    });

    /// <summary>The same process, its log lines kept.</summary>
    public static (Node Node, RememberingLogs Logs) Remembering(Node node)
    {
        var logs = new RememberingLogs();
        return (new Node(node.Name, node.Loop, node.Clock, node.Network, node.Disk, node.Random, logs, new NoBuggify()), logs);
    }

    public async LoopTask<LogManager> Load(Node node)
    {
        var manager = new LogManager(node, [Root], _ => Config, decisions: Decisions);
        await manager.VerifyIdentity(1, "cluster");
        await manager.Load();
        return manager;
    }

    public byte[] Bytes(string path)
    {
        byte[] bytes = [];
        Run(async node => bytes = await node.Disk.ReadAllBytes(path));
        return bytes;
    }

    public void Write(string path, byte[] bytes) => Run(async node =>
    {
        await node.Disk.CreateDirectory(DiskExtensions.ParentOf(path));
        var file = await node.Disk.Open(path, OpenMode.OpenOrCreate);
        await file.SetLength(0);
        await file.Write(0, bytes);
        await file.Sync();
        await node.Disk.SyncDirectory(DiskExtensions.ParentOf(path));
    });

    public IReadOnlyList<string> List(string path)
    {
        IReadOnlyList<string> names = [];
        Run(async node => names = await node.Disk.List(path));
        return names;
    }
}

/// <summary>Batches and what a log holds.</summary>
internal static class Batches
{
    public static byte[] Of(params string[] values) => At(0, -1, 1000, values);

    public static byte[] At(long baseOffset, int epoch, long timestamp, params string[] values)
    {
        var builder = new RecordBatchBuilder { BaseOffset = baseOffset, PartitionLeaderEpoch = epoch };
        for (var i = 0; i < values.Length; i++) builder.Append(timestamp + i, null, Encoding.UTF8.GetBytes(values[i]));
        return builder.Build();
    }

    /// <summary>"offset@epoch=value" of all records from an offset on, reading slice by slice.</summary>
    public static async LoopTask<List<string>> Dump(PartitionLog log, long? from = null, FetchIsolation isolation = FetchIsolation.LogEnd, int maxBytes = 1 << 20)
    {
        var found = new List<string>();
        var next = from ?? log.LogStartOffset;
        while (true)
        {
            var read = await log.Read(next, maxBytes, isolation, minOneBatch: true);
            var before = next;
            Collect((await read.Slice.ReadAll()).Span, found, ref next);
            if (next == before) return found;
        }
    }

    private static void Collect(ReadOnlySpan<byte> bytes, List<string> found, ref long next)
    {
        foreach (var batch in new RecordBatches(bytes))
        {
            foreach (var record in batch.Records())
            {
                if (record.Offset < next) continue;
                found.Add($"{record.Offset}@{batch.PartitionLeaderEpoch}={Encoding.UTF8.GetString(record.Value)}");
                next = record.Offset + 1;
            }
        }
    }
}
