namespace Simulator.Engine;

/// <summary>The names under which <see cref="FaultCounts.Effects"/> counts what faults did.</summary>
public static class EffectNames
{
    /// <summary>A write found no room on a disk that was filled.</summary>
    public const string DiskFull = "disk-full";

    /// <summary>A power loss took data that was not synced.</summary>
    public const string UnsyncedDataLost = "unsynced-data-lost";

    /// <summary>A power loss left a part of a write.</summary>
    public const string BlockTorn = "block-torn";

    /// <summary>A power loss took a write and left a later one.</summary>
    public const string WritebackReordered = "writeback-reordered";

    /// <summary>A power loss took back that a name was made or deleted.</summary>
    public const string DirectoryEntryLost = "directory-entry-lost";

    /// <summary>A power loss took back a rename.</summary>
    public const string RenameLost = "rename-lost";

    /// <summary>A read failed.</summary>
    public const string ReadError = "read-error";

    /// <summary>A write or a change of length failed.</summary>
    public const string WriteError = "write-error";

    /// <summary>A sync failed.</summary>
    public const string SyncError = "sync-error";

    /// <summary>A sync with something to do did nothing and said that it had.</summary>
    public const string LyingSync = "lying-sync";

    /// <summary>An operation on a name failed.</summary>
    public const string NameError = "name-error";

    /// <summary>A write found no space.</summary>
    public const string NoSpace = "no-space";

    /// <summary>A read gave fewer bytes than were there.</summary>
    public const string ShortRead = "short-read";

    /// <summary>A write took two steps.</summary>
    public const string ShortWrite = "short-write";

    /// <summary>A write landed at another place.</summary>
    public const string MisdirectedWrite = "misdirected-write";

    /// <summary>A stored byte changed.</summary>
    public const string BitRot = "bit-rot";

    /// <summary>Bytes that nobody wrote were put behind a file's end.</summary>
    public const string JunkTail = "junk-tail";

    /// <summary>A disk was exchanged for an empty one.</summary>
    public const string DiskWiped = "disk-wiped";

    /// <summary>A process died after one of its own events.</summary>
    public const string CrashAtEvent = "crash-at-event";

    /// <summary>A request was late.</summary>
    public const string RequestDelayed = "request-delayed";

    /// <summary>A request did not arrive.</summary>
    public const string RequestDropped = "request-dropped";

    /// <summary>A request arrived whose answer did not.</summary>
    public const string RequestRepeated = "request-repeated";
}
