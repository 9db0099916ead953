using System;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace tools.Server;

/// <summary>Ends its task at the first SIGTERM or SIGINT; a second one ends the process as usual.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
    ];

    public Task Received => _received.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Take(PosixSignalContext context) => context.Cancel = _received.TrySetResult();
}
