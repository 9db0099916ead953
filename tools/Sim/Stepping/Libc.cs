using System;
using System.Runtime.InteropServices;

namespace tools.Sim.Stepping;

/// <summary>The calls of the C library by which a process copies itself. Nothing of .NET's own I/O may be used beside them in a copy.</summary>
internal static partial class Libc
{
    private const int ChildEnded = 17;
    private const int Ignore = 1;
    private const int InterruptedCall = 4;

    /// <summary>Copies this process, with this thread as its only one.</summary>
    /// <returns>0 in the copy; in the original the copy's id, or -1.</returns>
    [LibraryImport("libc", EntryPoint = "fork", SetLastError = true)]
    public static partial int Fork();

    /// <summary>Ends this process at once: no finalizer and no handler runs.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    /// <summary>The id of this process; .NET goes on giving a copy that of its original.</summary>
    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int ProcessId();

    /// <summary>Closes a file descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    /// <summary>Copies that end are forgotten: nobody has to wait for them.</summary>
    public static void ForgetEndedCopies() => signal(ChildEnded, Ignore);

    /// <summary>A pipe: what is written to one end is read at the other.</summary>
    public static unsafe (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        if (pipe(ends) != 0) throw new InvalidOperationException("No pipe could be made.");
        return (ends[0], ends[1]);
    }

    /// <summary>Reads at least one byte; 0 at the end.</summary>
    public static unsafe int Read(int file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = (int)read(file, start, (nuint)buffer.Length);
                if (count >= 0) return count;
                if (Marshal.GetLastPInvokeError() != InterruptedCall) return 0;
            }
        }
    }

    /// <summary>Writes all bytes; false if nobody reads them any more.</summary>
    public static unsafe bool Write(int file, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            fixed (byte* start = bytes)
            {
                var count = (int)write(file, start, (nuint)bytes.Length);
                if (count < 0 && Marshal.GetLastPInvokeError() != InterruptedCall) return false;
                bytes = bytes[Math.Max(0, count)..];
            }
        }

        return true;
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static unsafe partial int pipe(int* ends);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int file, byte* buffer, nuint count);
}
