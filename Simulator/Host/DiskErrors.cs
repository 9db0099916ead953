using System;
using System.IO;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>Turns what .NET and the operating system say into the disk errors of the platform.</summary>
internal static class DiskErrors
{
    private const int NoSpaceOnDevice = 28; // ENOSPC, the same number on Linux and macOS
    private const int FileExists = 17; // EEXIST
    private const int NotADirectory = 20; // ENOTDIR
    private const int ReadOnlyFileSystem = 30; // EROFS
    private const int QuotaOnLinux = 122; // EDQUOT
    private const int WouldBlockOnLinux = 11; // EWOULDBLOCK: the lock is taken
    private const int WouldBlockOnMacOS = 35;
    private const int NameTooLongOnLinux = 36; // ENAMETOOLONG
    private const int NameTooLongOnMacOS = 63;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsNotADirectory = unchecked((int)0x8007010B);
    private const int WindowsFileExists = unchecked((int)0x80070050);

    /// <summary>The platform's exception for a failure; a bug of ours (a bad argument) stays what it is.</summary>
    public static Exception Map(Exception error, string path) => error switch
    {
        DiskException => error,
        ObjectDisposedException => new DiskException(DiskError.Closed, $"The file {path} has been closed."),
        FileNotFoundException or DirectoryNotFoundException => new DiskException(DiskError.NotFound, $"There is no file or directory {path}, or its directory is missing."),
        UnauthorizedAccessException => new DiskException(DiskError.AccessDenied, $"This process may not use {path}, or it is a directory: check owner and permissions."),
        PathTooLongException => NameTooLong(path),
        IOException io => FromCode(io, path),
        _ => error,
    };

    /// <summary>The exception for an error number of the C library.</summary>
    public static DiskException FromErrno(int code, string path, string what) => code switch
    {
        2 or NotADirectory => new DiskException(DiskError.NotFound, $"There is no directory {path}."),
        ReadOnlyFileSystem => ReadOnly(path),
        1 or 13 => new DiskException(DiskError.AccessDenied, $"This process may not {what} {path} (error {code}): check owner and permissions."),
        NoSpaceOnDevice or QuotaOnLinux => NoSpace(path),
        NameTooLongOnLinux or NameTooLongOnMacOS => NameTooLong(path),
        _ => new DiskException(DiskError.Io, $"Could not {what} {path}: the system answered with error {code}."),
    };

    private static DiskException FromCode(IOException error, string path) => error.HResult switch
    {
        NoSpaceOnDevice or QuotaOnLinux or WindowsDiskFull => NoSpace(path),
        FileExists or WindowsFileExists => new DiskException(DiskError.AlreadyExists, $"{path} exists already."),
        NotADirectory or WindowsNotADirectory => new DiskException(DiskError.NotFound, $"{path} is no directory."),
        ReadOnlyFileSystem => ReadOnly(path),
        WouldBlockOnLinux or WouldBlockOnMacOS or WindowsSharingViolation => new DiskException(DiskError.Locked, $"{path} is held by another process."),
        _ => new DiskException(DiskError.Io, $"The disk failed on {path}: {error.Message}"),
    };

    private static DiskException ReadOnly(string path) =>
        new(DiskError.AccessDenied, $"The file system of {path} is read-only: mount it writable; if it was so before, the system's log says what happened.");

    private static DiskException NameTooLong(string path) => new(DiskError.NameTooLong, $"A name in {path} is longer than the file system takes.");

    private static DiskException NoSpace(string path) => new(DiskError.NoSpace, $"The disk of {path} is full: free some space.");
}
