using System;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>The operations of an afflicted disk; none of this runs on a healthy one.</summary>
public sealed partial class SimDisk
{
    private const int SectorBytes = 512;

    private void FailOnNames(string path)
    {
        if (_troubles.Befalling(DiskTroubleKind.NameError, path) is null) return;
        throw Fails(EffectNames.NameError, path, "cannot be reached");
    }

    private void FailOnCut(SimFile file)
    {
        if (_troubles.Befalling(DiskTroubleKind.WriteError, file.Path) is not null) throw Fails(EffectNames.WriteError, file, "cannot be cut or extended");
    }

    private int ReadInTrouble(SimFile file, int count)
    {
        if (_troubles.Befalling(DiskTroubleKind.ReadError, file.Path) is not null) throw Fails(EffectNames.ReadError, file, "cannot be read");
        if (count < 2 || _troubles.Befalling(DiskTroubleKind.ShortRead, file.Path) is not { } random) return count;
        NoteEffect(EffectNames.ShortRead, file.Path);
        return 1 + random.Next(count - 1);
    }

    private async LoopTask WriteInTrouble(SimFile file, long position, ReadOnlyMemory<byte> data)
    {
        if (_troubles.Befalling(DiskTroubleKind.WriteError, file.Path) is { } failing)
        {
            WriteAsRoomAllows(file, position, data.Span[..failing.Next(data.Length + 1)]);
            throw Fails(EffectNames.WriteError, file, "cannot be written");
        }

        var grows = position + data.Length > file.Inode.Content.Length;
        if (grows && _troubles.Befalling(DiskTroubleKind.NoSpace, file.Path) is { } filling)
        {
            WriteAsRoomAllows(file, position, data.Span[..filling.Next(data.Length)]);
            NoteEffect(EffectNames.NoSpace, file.Path);
            throw NoSpace(file.Path);
        }

        if (_troubles.Befalling(DiskTroubleKind.MisdirectedWrite, file.Path) is { } straying && Misdirect(file, position, data.Span, straying)) return;
        if (data.Length > 1 && _troubles.Befalling(DiskTroubleKind.ShortWrite, file.Path) is { } halting) await WriteInTwoSteps(file, position, data, halting.Next(1, data.Length));
        else WriteAsRoomAllows(file, position, data.Span);
    }

    private async LoopTask WriteInTwoSteps(SimFile file, long position, ReadOnlyMemory<byte> data, int first)
    {
        WriteAsRoomAllows(file, position, data.Span[..first]);
        NoteEffect(EffectNames.ShortWrite, file.Path);
        _writing.Add(new PendingWrite(file, position + first, data[first..]));
        await Wait(_world.Options.DiskLatency);
        EndWriting(file, position + first, data[first..]);
        file.AssertOpen();
        WriteAsRoomAllows(file, position + first, data.Span[first..]);
    }

    /// <summary>Writes over another place of the disk; false if there is none that is large enough.</summary>
    private bool Misdirect(SimFile file, long position, ReadOnlySpan<byte> data, RandomStream random)
    {
        var length = data.Length;
        var victims = _root.Files().Where(f => f.File.Content.Length >= length).ToList();
        if (victims.Count == 0 || length == 0) return false;
        var (path, victim) = random.Pick(victims);
        var at = random.NextInt64(0, victim.Content.Length - length + 1);
        if (random.Chance(0.5)) at -= at % SectorBytes;
        if (victim == file.Inode && at == position) return false;
        _world.Mix(data);
        victim.Content.Write(at, data);
        var grown = position + length - file.Inode.Content.Length;
        if (grown > 0)
        {
            if (grown > RoomLeft) throw OutOfRoom(file.Path);
            _usedBytes += grown;
            file.Inode.SetLength(position + length); // the file system believes that the bytes are there
        }

        NoteEffect(EffectNames.MisdirectedWrite, $"{length} bytes for {file.Path} at {position} to {path} at {at}");
        return true;
    }

    /// <summary>True if a sync has ended that made nothing durable.</summary>
    private bool SyncsInVain(SimFile file, long syncPoint)
    {
        if (_troubles.Befalling(DiskTroubleKind.SyncError, file.Path) is { } failing)
        {
            var before = file.Inode.Content.Length;
            if (file.Inode.MarkDropped(syncPoint) && failing.Chance(0.5)) file.Inode.EvictDropped();
            _usedBytes += file.Inode.Content.Length - before;
            throw Fails(EffectNames.SyncError, file, "cannot be synced");
        }

        if (_troubles.Befalling(DiskTroubleKind.LyingSync, file.Path) is null) return false;
        if (file.Inode.MarkLied(syncPoint)) NoteEffect(EffectNames.LyingSync, file.Path);
        return true;
    }

    /// <summary>The same for the names of a directory.</summary>
    private bool SyncsInVain(string directory)
    {
        if (_troubles.Befalling(DiskTroubleKind.SyncError, directory) is not null) throw Fails(EffectNames.SyncError, directory, "cannot be synced");

        if (_troubles.Befalling(DiskTroubleKind.LyingSync, directory) is null) return false;
        NoteEffect(EffectNames.LyingSync, directory);
        return true;
    }

    private DiskException Fails(string effect, SimFile file, string what) => Fails(effect, file.Path, what);

    private DiskException Fails(string effect, string path, string what)
    {
        NoteEffect(effect, path);
        Errors++;
        return new DiskException(DiskError.Io, $"{path} {what}: the device reports an error.");
    }
}
