using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Tests.Support;

/// <summary>What a program that ran to its end left behind.</summary>
public sealed record ProgramResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>The result itself, if the program ended with 0.</summary>
    /// <exception cref="ExternalProgramException">It ended otherwise; the message holds both outputs.</exception>
    public ProgramResult Expect0() => ExitCode == 0
        ? this
        : throw new ExternalProgramException($"exit code {ExitCode}\n--- stdout\n{StandardOutput}\n--- stderr\n{StandardError}");
}

/// <summary>Finds and runs the programs of others that integration tests talk to.</summary>
public static class ExternalProgram
{
    /// <summary>How long a program may run unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The absolute path of a program on PATH, or of a path that exists; null where it is missing.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/'))
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">A name on PATH, or a path.</param>
    /// <param name="arguments">Its arguments, not quoted.</param>
    /// <param name="input">What it reads from standard input, which is then closed.</param>
    /// <param name="timeout">After this the whole tree of processes is killed.</param>
    /// <exception cref="ExternalProgramException">The program is missing, or ran too long.</exception>
    public static async Task<ProgramResult> Run(
        string program, IEnumerable<string> arguments, string? input = null, TimeSpan? timeout = null)
    {
        using var running = Start(program, arguments);
        if (input is not null)
            await running.Write(input);
        running.CloseInput();
        var exitCode = await running.WaitForExit(timeout ?? DefaultTimeout);
        return new ProgramResult(exitCode, running.StandardOutput, running.StandardError);
    }

    /// <summary>Starts a program that keeps running; disposing kills it with all its children.</summary>
    /// <param name="program">A name on PATH, or a path.</param>
    /// <param name="arguments">Its arguments, not quoted.</param>
    /// <param name="environment">Variables set on top of those of the tests.</param>
    /// <exception cref="ExternalProgramException">The program is missing.</exception>
    public static RunningProgram Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var path = Find(program) ?? throw new ExternalProgramException($"'{program}' is not installed");
        return new RunningProgram(path, arguments, environment ?? new Dictionary<string, string>());
    }
}

/// <summary>A program of others did not do what a test needs of it.</summary>
public sealed class ExternalProgramException(string message) : Exception(message);
