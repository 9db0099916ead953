using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Simulator.Host;

/// <summary>The few calls of the C library that .NET has no words for.</summary>
internal static partial class Native
{
    private const int ReadOnly = 0;
    private const int CloseOnExecOnLinux = 0x80000;

    /// <summary>EINTR: interrupted, try again.</summary>
    public const int Interrupted = 4;

    /// <summary>EAGAIN on Linux: the socket's buffer is full.</summary>
    public const int WouldBlock = 11;

    /// <summary>Is <see cref="SendFile"/> there in the shape declared here?</summary>
    public static bool HasSendFile { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Sends bytes of a file to a socket inside the kernel; the number sent, or -1 and the error by <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    public static partial nint SendFile(int socket, int file, ref long offset, nuint count);

    /// <summary>fsync of a directory; 0, or the number of the error.</summary>
    public static int SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return 0; // a journal keeps names there
        var handle = Open(path, ReadOnly | (OperatingSystem.IsLinux() ? CloseOnExecOnLinux : 0));
        if (handle < 0) return Marshal.GetLastPInvokeError();
        var error = FSync(handle) < 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Close(handle);
        return error;
    }

    /// <summary>
    /// fsync of a file; 0, or the number of the error. On Linux .NET's own call says nothing of EROFS, with which ext4 answers once an
    /// error has made it read-only, and what it had not yet written is lost.
    /// </summary>
    /// <exception cref="IOException">The sync failed elsewhere than on Linux.</exception>
    public static int SyncFile(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return 0;
        }

        while (true)
        {
            if (FSync(file) == 0) return 0;
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error) return error;
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
