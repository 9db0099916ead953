using System;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform;
using Simulator.Platform.Services;

namespace Simulator.Engine.Simulations;

/// <summary>A service on a machine: how it starts, is asked to stop, and may end.</summary>
internal sealed class NodeProgram
{
    private static readonly TimeSpan s_restartDelay = TimeSpan.FromSeconds(1);
    private readonly Func<NodeContext, Task> _main;
    private readonly Func<Exception, bool>? _mayEndWith;
    private CancellationTokenSource _stopping = new();

    public NodeProgram(SimMachine machine, Func<NodeContext, Task> main, Func<Exception, bool>? mayEndWith)
    {
        Machine = machine;
        _main = main;
        _mayEndWith = mayEndWith;
        machine.Exited = OnExited;
    }

    public SimMachine Machine { get; }

    /// <summary>True once its main method has returned.</summary>
    public bool HasEnded => Machine.HasExited;

    public void Start() => Machine.Start(Run);

    public void RequestStop()
    {
        var stopping = _stopping;
        Machine.Invoke(stopping.Cancel);
    }

    private LoopTask Run(Node node)
    {
        _stopping = new CancellationTokenSource();
        return node.RunService(_main, _stopping.Token);
    }

    private void OnExited(SimMachine machine, Exception? error)
    {
        if (error is null) return;
        if (error is OperationCanceledException && _stopping.IsCancellationRequested) return; // it ended as it was asked to
        if (_mayEndWith?.Invoke(error) != true)
        {
            machine.World.Report(new SimFailure("no-unhandled-exception", $"{machine.Name}: {error}", error));
            return;
        }

        var incarnation = machine.Incarnations;
        machine.World.Schedule(s_restartDelay, () =>
        {
            if (!machine.IsUp && machine.Incarnations == incarnation) machine.Restart();
        });
    }
}
