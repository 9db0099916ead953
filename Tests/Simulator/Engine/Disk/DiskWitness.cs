using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Tests.Simulator.Engine.Faults;
using Xunit;

namespace Tests.Simulator.Engine.Disk;

/// <summary>
/// A program that uses every part of a disk under one fault, loses power in the end (kindly, unless that is the fault), and tells all
/// that a disk without faults would not have shown it.
/// </summary>
internal sealed class DiskWitness
{
    private const int Block = 4096;
    private const int Records = 6;
    private const byte Cold = 0xC0;
    private static readonly TimeSpan s_slow = TimeSpan.FromMicroseconds(150);
    private static readonly TimeSpan s_stalled = TimeSpan.FromMilliseconds(20);
    private readonly SortedSet<string> _symptoms = new(StringComparer.Ordinal);
    private readonly LoopPromise<Nothing> _go = new();
    private readonly SimWorld _world;
    private readonly SimMachine _machine;
    private bool _ready;
    private bool _ended;
    private bool _writeFailed;
    private bool _syncFailed;

    private DiskWitness(ulong seed)
    {
        _world = new SimWorld(seed, new WorldOptions { Buggify = false });
        _machine = _world.AddMachine("a");
    }

    /// <summary>What one seed shows, and the effects that the engine counted.</summary>
    public static (IReadOnlyCollection<string> Symptoms, IReadOnlyDictionary<string, long> Effects) Run(Fault fault, ulong seed)
    {
        var witness = new DiskWitness(seed);
        witness.Go(fault);
        return (witness._symptoms, witness._world.Faults.Effects);
    }

    private void Go(Fault fault)
    {
        var isDeath = fault is PowerLoss or WipedDisk;
        _machine.Start(Work);
        Assert.True(_world.RunUntil(() => _ready, TimeSpan.FromSeconds(5)));
        var handle = isDeath ? null : fault.Strike(_world, [_machine])!;
        _machine.Invoke(() => _go.TrySetResult(default));
        Assert.True(_world.RunUntil(() => _ended, TimeSpan.FromMinutes(1)), _world.Failure?.Message);
        handle?.End();
        if (isDeath) fault.Strike(_world, [_machine]);
        else _machine.LosePower(outcome: null, DiskLosses.None);
        LookAround();
    }

    private async LoopTask Work(Node node)
    {
        var disk = node.Disk;
        await disk.CreateDirectory("d");
        await disk.SyncDirectory("/");
        await Make(disk, "d/cold", Cold, Block * 2);
        var log = await Make(disk, "d/log", 0, 0);
        var tail = await Make(disk, "d/tail", 0, 0);
        for (byte i = 1; i <= Records; i++) await Make(disk, $"d/old-{i}", i, 10);
        await disk.SyncDirectory("d");
        _ready = true;
        await _go.Task;
        for (byte i = 1; i <= Records; i++) await WriteAndSync(node, log, i);
        for (byte i = 1; i <= Records; i++) await Write(node, tail, i);
        for (byte i = 1; i <= Records; i++) await Make(disk, $"d/new-{i}", i, 0);
        for (byte i = 1; i <= Records; i++) await disk.Rename($"d/old-{i}", $"d/renamed-{i}");
        for (byte i = 1; i <= Records; i++) await ReadCold(node);
        _ended = true;
        await new LoopPromise<Nothing>().Task;
    }

    private static async LoopTask<IFile> Make(IDisk disk, string path, byte fill, int length)
    {
        var file = await disk.Open(path, OpenMode.CreateNew);
        if (length == 0) return file;
        await file.Write(0, Filled(fill, length));
        await file.Sync();
        return file;
    }

    private async LoopTask WriteAndSync(Node node, IFile file, byte number)
    {
        await Write(node, file, number);
        try
        {
            await file.Sync();
        }
        catch (DiskException e) when (e.Error == DiskError.Io)
        {
            _syncFailed = true;
        }
    }

    private async LoopTask Write(Node node, IFile file, byte number)
    {
        var begin = _world.NowMicros;
        var before = file.Length;
        var free = await node.Disk.FreeBytes();
        var write = file.Write((number - 1) * Block, Filled(number, Block));
        while (!write.IsCompleted)
        {
            await node.Clock.Delay(TimeSpan.FromMicroseconds(1));
            if (!write.IsCompleted && file.Length > before && file.Length < number * Block) _symptoms.Add("a write in two steps");
        }

        try
        {
            await write;
        }
        catch (DiskException e)
        {
            _writeFailed = true;
            _symptoms.Add((e.Error, free < Block * 4) switch
            {
                (DiskError.Io, _) => "a write that fails",
                (DiskError.NoSpace, true) => "a disk that is full",
                (DiskError.NoSpace, false) => "a write without space",
                _ => e.Message,
            });
        }

        NoteTime((_world.NowMicros - begin) / 2); // of two operations
    }

    private async LoopTask ReadCold(Node node)
    {
        var begin = _world.NowMicros;
        IFile file;
        try
        {
            file = await node.Disk.Open("d/cold", OpenMode.OpenExisting);
        }
        catch (DiskException e) when (e.Error == DiskError.Io)
        {
            _symptoms.Add("a name that fails");
            return;
        }

        try
        {
            if (await file.Read(0, new byte[Block * 2]) < Block * 2) _symptoms.Add("a short read");
        }
        catch (DiskException e) when (e.Error == DiskError.Io)
        {
            _symptoms.Add("a read that fails");
        }

        NoteTime((_world.NowMicros - begin) / 2);
    }

    private void NoteTime(long micros)
    {
        var took = TimeSpan.FromMicroseconds(micros);
        if (took > s_stalled) _symptoms.Add("a stall");
        else if (took > s_slow) _symptoms.Add("slowness");
    }

    private void LookAround()
    {
        var names = _machine.Disk.PeekNames("d");
        if (names.Count == 0)
        {
            _symptoms.Add("an empty disk");
            return;
        }

        for (var i = 1; i <= Records; i++)
        {
            if (!names.Contains($"new-{i}")) _symptoms.Add("a lost entry");
            if (!names.Contains($"renamed-{i}")) _symptoms.Add("a lost rename");
        }

        LookAtContent(_machine.Disk.Peek("d/cold"), _ => Cold);
        LookAtContent(_machine.Disk.Peek("d/log"), at => (byte)((at / Block) + 1));
        if (_writeFailed) return;
        if (_machine.Disk.Peek("d/log").Length < Records * Block) _symptoms.Add(_syncFailed ? "a sync that fails for good" : "a sync that lied");
        LookAtTail(_machine.Disk.Peek("d/tail").ToArray());
    }

    private void LookAtContent(ReadOnlySpan<byte> content, Func<int, byte> expected)
    {
        var strange = 0;
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != expected(i) && content[i] != 0) strange++;
        }

        if (strange > 100) _symptoms.Add("bytes of another place");
        else if (strange > 0) _symptoms.Add("rotten bytes");
    }

    private void LookAtTail(byte[] tail)
    {
        if (tail.Length % Block != 0) _symptoms.Add("a torn block");
        else if (tail.Length < Records * Block) _symptoms.Add("lost writes at the end");
        if (tail.Chunk(Block).Any(b => b[0] == 0)) _symptoms.Add("a lost write before one that is there");
    }

    private static byte[] Filled(byte value, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
