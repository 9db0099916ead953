using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>Turns the system's socket errors into the network errors of the platform.</summary>
internal static class NetworkErrors
{
    /// <summary>Why a port could not be opened, and what to do.</summary>
    public static NetworkException OfListening(SocketException error, Endpoint endpoint) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new NetworkException(
            NetworkError.AddressInUse,
            $"Port {endpoint.Port} on {endpoint.Host} is in use: stop the process that listens there, or choose another port (0 takes a free one)."),
        SocketError.AccessDenied => new NetworkException(
            NetworkError.AddressNotAvailable,
            $"This user may not listen on {endpoint}: choose a port above 1023."),
        _ => new NetworkException(
            NetworkError.AddressNotAvailable,
            $"Cannot listen on {endpoint}: {error.Message}. Is that an address of this machine?"),
    };

    /// <summary>What a peer has named cannot be dialled at all.</summary>
    public static NetworkException NoPort(Endpoint remote) => new(NetworkError.Unreachable, $"{remote.Port} is not a port: nobody can listen on {remote}.");

    /// <summary>Why dialling failed.</summary>
    public static NetworkException OfDialing(SocketError error, Endpoint remote) => error switch
    {
        SocketError.ConnectionRefused => new NetworkException(NetworkError.Refused, $"Nobody listens on {remote}."),
        SocketError.TimedOut => new NetworkException(NetworkError.TimedOut, $"{remote} did not answer in time."),
        SocketError.HostNotFound or SocketError.NoData => new NetworkException(NetworkError.HostUnknown, $"There is no host named {remote.Host}."),
        SocketError.TooManyOpenSockets => new NetworkException(NetworkError.Unreachable, $"{remote} cannot be dialled: this process has as many open files as it may have. Raise the limit (ulimit -n), or limit connections."),
        SocketError.AddressFamilyNotSupported => new NetworkException(NetworkError.Unreachable, $"{remote} cannot be dialled: this machine has no addresses of that family."),
        SocketError.ConnectionReset => new NetworkException(NetworkError.Refused, $"{remote} dropped the connection at once."),
        _ => new NetworkException(NetworkError.Unreachable, $"There is no way to {remote} ({error})."),
    };
}
