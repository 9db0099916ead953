using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace tools.RealCluster.Processes;

/// <summary>A started program: its lines so far, signals to it, its end. Safe to use from any thread; disposing kills it.</summary>
public sealed partial class ChildProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly Lock _gate = new();

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments, not quoted.</param>
    /// <exception cref="CannotRunHereException">The program is not there.</exception>
    public ChildProcess(IReadOnlyList<string> command)
    {
        Command = string.Join(' ', command);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        try
        {
            _process.Start();
        }
        catch (Win32Exception e)
        {
            throw new CannotRunHereException($"The program '{command[0]}' cannot be started: {e.Message}.");
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>The command line.</summary>
    public string Command { get; }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Ends when the program has ended and all its output is read.</summary>
    public Task Ended { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>All lines of both outputs so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate) return string.Join('\n', _lines);
        }
    }

    /// <summary>The first line that is wanted, past or to come; null if the program ends without it.</summary>
    public async Task<string?> FindLine(Func<string, bool> wanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(l => wanted(l)) is { } line) return line;
            _waiting.Add((wanted, found));
        }

        await Task.WhenAny(found.Task, Ended);
        return found.Task.IsCompletedSuccessfully ? await found.Task : null;
    }

    /// <summary>Writes to its standard input and ends that.</summary>
    public async Task WriteAll(IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines) await _process.StandardInput.WriteAsync(line + "\n");
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended: its exit code tells.
        }
    }

    /// <summary>Kills it at once (SIGKILL).</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Asks it to stop in order (SIGTERM).</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Freezes it (SIGSTOP).</summary>
    public void Freeze() => Signal(SigStop);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => Signal(SigCont);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private void Signal(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"'{Command}' cannot be sent signal {signal}: error {Marshal.GetLastPInvokeError()}");
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _lines.Add(line);
            foreach (var (_, found) in _waiting.Where(w => w.Wanted(line))) found.TrySetResult(line);
        }
    }
}
