using System;

namespace Simulator.Host;

/// <summary>How .NET hands over the completions of sockets, for a process whose sockets are all those of nodes.</summary>
public static class HostSockets
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets completions come on the thread that polls the sockets instead of by way of the thread pool: a ping-pong of
    /// small messages then costs about a third of the CPU time. A node's completions only post to its loop, so they suit that thread; code that
    /// computes or blocks in a completion would hold up all sockets of the process, so this is for the program's entry point to
    /// decide, never for a library. To be called before the process's first socket; what the environment says already stands.
    /// </summary>
    public static void CompleteOnPollingThread()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null) Environment.SetEnvironmentVariable(Switch, "1");
    }
}
