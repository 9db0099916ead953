using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Disk;

/// <summary>Whatever a power loss may take, it never takes a byte that was synced and not touched since.</summary>
public class SyncedDataTests
{
    private const int FileBytes = 20_000;

    private enum Step
    {
        Write,
        Cut,
        Sync,
        FailedSync,
    }

    [Fact]
    public void Synced_bytes_survive_every_kind_of_power_loss()
    {
        var step = Steps(Step.Write, Step.Write, Step.Cut, Step.Sync);
        var losses = Gen.Elements(DiskLosses.All, DiskLosses.Ordered, DiskLosses.Reordering, DiskLosses.Tearing, DiskLosses.None);
        Prop.ForAll(Arb.From(Gen.Zip(losses, Gen.ListOf(step))), c => Check(c.Item1, [.. c.Item2])).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_a_failed_sync_dropped_takes_nothing_with_it_that_was_synced_before_or_written_again_and_synced_since()
    {
        var step = Steps(Step.Write, Step.Sync, Step.FailedSync);
        Prop.ForAll(Arb.From(Gen.ListOf(step)), steps => Check(DiskLosses.All, [.. steps])).QuickCheckThrowOnFailure();
    }

    private static Gen<(Step Step, int Position, int Length)> Steps(params Step[] steps) =>
        from step in Gen.Elements(steps)
        from position in Gen.Choose(0, FileBytes - 1)
        from length in Gen.Choose(1, 9_000)
        select (step, position, length);

    private static void Check(DiskLosses losses, (Step Step, int Position, int Length)[] steps)
    {
        var world = new SimWorld(1, new WorldOptions { Buggify = false });
        var machine = world.AddMachine("a");
        var model = new Model();
        var ended = false;
        machine.Start(async node =>
        {
            var file = await node.Disk.Open("file", OpenMode.CreateNew);
            await node.Disk.SyncDirectory(".");
            byte fill = 0;
            foreach (var (step, position, length) in steps)
            {
                var count = Math.Min(length, FileBytes - position);
                if (step == Step.Write) await file.Write(position, model.Write(position, count, ++fill));
                else if (step == Step.Cut) await file.SetLength(model.Cut(position));
                else await Sync(file, step == Step.FailedSync);
            }

            ended = true;
            await new LoopPromise<Nothing>().Task;
        });
        Assert.True(world.RunUntil(() => ended, TimeSpan.FromMinutes(1)), world.Failure?.Message);
        machine.LosePower(new RandomStream(7), losses);
        model.AssertKept(machine.Disk.Peek("file"));

        async LoopTask Sync(IFile file, bool fails)
        {
            var trouble = fails ? machine.Disk.Afflict(new DiskTrouble(DiskTroubleKind.SyncError, 1, string.Empty, 3)) : null;
            try
            {
                await file.Sync();
                model.Sync();
            }
            catch (DiskException e) when (e.Error == DiskError.Io && fails)
            {
                model.FailSync();
            }

            trouble?.End();
        }
    }

    /// <summary>Which value each byte must have; null for one that may have been lost.</summary>
    private sealed class Model
    {
        private readonly byte?[] _durable = new byte?[FileBytes];
        private readonly Dictionary<int, byte> _dirty = [];

        public byte[] Write(int position, int count, byte fill)
        {
            for (var i = position; i < position + count; i++) (_dirty[i], _durable[i]) = (fill, null);
            return [.. Enumerable.Repeat(fill, count)];
        }

        public int Cut(int length)
        {
            for (var i = length; i < FileBytes; i++)
            {
                _dirty.Remove(i);
                _durable[i] = null;
            }

            return length;
        }

        public void Sync()
        {
            foreach (var (i, value) in _dirty) _durable[i] = value;
            _dirty.Clear();
        }

        public void FailSync() => _dirty.Clear();

        public void AssertKept(ReadOnlySpan<byte> content)
        {
            for (var i = 0; i < FileBytes; i++)
            {
                if (_durable[i] is { } value) Assert.True(i < content.Length && content[i] == value, $"byte {i} was synced as {value} and is {(i < content.Length ? content[i] : "gone")}");
            }
        }
    }
}
