using System;

namespace Simulator.Platform;

/// <summary>Where one listens or dials: a host name or address, and a port (0 when listening: any free one).</summary>
public readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>"host:port", with an IPv6 address in brackets.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Byte-stream connections as TCP gives them, and no more.</summary>
public interface INetwork
{
    /// <summary>Opens a listening port.</summary>
    /// <exception cref="NetworkException">AddressInUse, or the address is not this node's.</exception>
    LoopTask<IListener> Listen(Endpoint endpoint, int backlog = 128);

    /// <summary>Dials.</summary>
    /// <exception cref="NetworkException">Refused, TimedOut, Unreachable or HostUnknown.</exception>
    LoopTask<IConnection> Connect(Endpoint remote, TimeSpan timeout);
}

/// <summary>A listening port.</summary>
public interface IListener
{
    /// <summary>The address with the port really bound.</summary>
    Endpoint Local { get; }

    /// <summary>Waits for the next connection.</summary>
    /// <exception cref="NetworkException">Closed.</exception>
    LoopTask<IConnection> Accept();

    /// <summary>Stops listening; connections not yet accepted are reset, accepted ones go on.</summary>
    void Close();
}

/// <summary>
/// An ordered, reliable stream of bytes in both directions until it is closed or reset. A write that has ended has only reached
/// the local send buffer. Bytes arrive in any fragmentation. One read and one write at a time.
/// </summary>
public interface IConnection
{
    /// <summary>This end.</summary>
    Endpoint Local { get; }

    /// <summary>The other end.</summary>
    Endpoint Remote { get; }

    /// <summary>Reads at least one byte; 0 means that the peer has finished writing.</summary>
    /// <exception cref="NetworkException">Reset (also a peer's crash) or Closed.</exception>
    LoopTask<int> Read(Memory<byte> buffer);

    /// <summary>Ends when the send buffer has taken all bytes: slow peers push back. The memory must stay unchanged until then.</summary>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    LoopTask Write(ReadOnlyMemory<byte> data);

    /// <summary>Sends a region of a file, where possible without copying it through this process. A region beyond the file's end is a <see cref="DiskException"/>.</summary>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    LoopTask WriteFile(IFile file, long position, int count);

    /// <summary>Ends this direction: the peer reads 0 after the last byte; reading goes on.</summary>
    void FinishWriting();

    /// <summary>Closes both directions in order; what the send buffer holds is still delivered. A pending read or write ends with Closed.</summary>
    void Close();

    /// <summary>Drops the connection at once; the peer sees Reset.</summary>
    void Reset();
}

/// <summary>What went wrong on the network.</summary>
public enum NetworkError
{
    /// <summary>The peer crashed or reset the connection, or it broke.</summary>
    Reset,

    /// <summary>This end has been closed.</summary>
    Closed,

    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>There is no way to that address.</summary>
    Unreachable,

    /// <summary>No such host.</summary>
    HostUnknown,

    /// <summary>The port is taken.</summary>
    AddressInUse,

    /// <summary>The address cannot be bound on this machine, or not by this user.</summary>
    AddressNotAvailable,
}

/// <summary>A network operation failed.</summary>
public sealed class NetworkException(NetworkError error, string message) : Exception(message)
{
    /// <summary>What went wrong.</summary>
    public NetworkError Error { get; } = error;
}
