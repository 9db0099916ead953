using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Tests.Support;

/// <summary>A started program: its output so far, signals to it, and its end.</summary>
public sealed partial class RunningProgram : IDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly Lock _gate = new();

    internal RunningProgram(string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What the program wrote to standard output so far, lines ended by a line feed.</summary>
    public string StandardOutput => Text(_output);

    /// <summary>What the program wrote to standard error so far, lines ended by a line feed.</summary>
    public string StandardError => Text(_error);

    /// <summary>Writes to the program's standard input.</summary>
    public async Task Write(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends the program's standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for a line of either output, past or to come.</summary>
    /// <param name="wanted">Tells whether this is the line.</param>
    /// <param name="timeout">How long to wait; 60 s unless given.</param>
    /// <returns>The line.</returns>
    /// <exception cref="ExternalProgramException">The program ended or the time passed without it; the message holds both outputs.</exception>
    public async Task<string> WaitForLine(Func<string, bool> wanted, TimeSpan? timeout = null)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            foreach (var line in $"{_output}{_error}".Split('\n'))
            {
                if (line.Length > 0 && wanted(line))
                    return line;
            }

            _waiting.Add((wanted, found));
        }

        using var ended = new CancellationTokenSource();
        var exit = _process.WaitForExitAsync(ended.Token);
        var late = Task.Delay(timeout ?? ExternalProgram.DefaultTimeout, ended.Token);
        var first = await Task.WhenAny(found.Task, exit, late);
        await ended.CancelAsync();
        // The reader of the output has seen its end once the wait for the exit is over.
        if (found.Task.IsCompleted)
            return await found.Task;
        throw Complaint(first == exit ? $"ended with {_process.ExitCode} before the awaited line" : "did not write the awaited line in time");
    }

    /// <summary>Asks the program to stop in order (SIGTERM).</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Kills the program itself at once (SIGKILL); its children live on.</summary>
    public void KillAbruptly() => Signal(SigKill);

    /// <summary>Waits until the program has ended and all its output is read.</summary>
    /// <param name="timeout">After this the whole tree of processes is killed; 60 s unless given.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ExternalProgramException">The time passed; the message holds both outputs.</exception>
    public async Task<int> WaitForExit(TimeSpan? timeout = null)
    {
        using var late = new CancellationTokenSource(timeout ?? ExternalProgram.DefaultTimeout);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw Complaint("did not end in time and was killed");
        }
    }

    /// <summary>Kills the program with all its children, if it still runs.</summary>
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
            throw Complaint($"cannot be sent signal {signal}: error {Marshal.GetLastPInvokeError()}");
    }

    private void Take(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            text.Append(line).Append('\n');
            foreach (var (wanted, found) in _waiting)
            {
                if (wanted(line))
                    found.TrySetResult(line);
            }
        }
    }

    private string Text(StringBuilder text)
    {
        lock (_gate)
            return text.ToString();
    }

    private ExternalProgramException Complaint(string what) =>
        new($"{_process.StartInfo.FileName} {what}\n--- stdout\n{StandardOutput}--- stderr\n{StandardError}");
}
