using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Another process of this program that runs seeds a second time, by a <see cref="SecondRunServer"/>: what differs between two
/// processes, such as the hash codes of texts, shows there. It takes many seeds, so that its start and compilation are paid once. One
/// that ends before its time fails the seed that it ran, and another takes its place.
/// </summary>
public sealed class SecondProcess : ISecondRun, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process _process;

    /// <summary>Starts this program anew.</summary>
    /// <param name="arguments">What its Main method is given; with them it must come to serve as a <see cref="SecondRunServer"/> over its standard input and output.</param>
    /// <param name="environment">Variables that are set for it, besides those of this process.</param>
    public SecondProcess(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        _arguments = arguments;
        _environment = environment ?? new Dictionary<string, string>();
        _process = Start();
    }

    /// <inheritdoc/>
    public string Name => "the second process";

    /// <inheritdoc/>
    public RunEssence Run(ulong seed) => Ask<RunEssence>("run", seed)!;

    /// <inheritdoc/>
    public IReadOnlyList<ulong> Steps(ulong seed)
    {
        var bytes = Ask<byte[]>("steps", seed)!;
        var hashes = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)));
        return hashes;
    }

    /// <inheritdoc/>
    public StepSeen? StackAt(ulong seed, int step) => Ask<StepSeen?>("stack", seed, step);

    /// <summary>Ends the process.</summary>
    public void Dispose() => End();

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Run as 'dotnet program.dll', or by a host of its own.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in _arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The second process could not be started.");
    }

    private int End()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(s_patience))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }

    private T? Ask<T>(string what, ulong seed, int step = 0)
    {
        if (Answer(string.Create(CultureInfo.InvariantCulture, $"{what} {seed} {step}")) is { } answer) return JsonSerializer.Deserialize<T>(answer);
        var code = End();
        _process = Start();
        throw new SecondRunException($"The second process ended while it ran seed {seed}, with exit code {code}; the first one came to the seed's end.");
    }

    private string? Answer(string question)
    {
        try
        {
            _process.StandardInput.WriteLine(question);
            _process.StandardInput.Flush();
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                // Whatever else the program prints is no answer.
                if (line.StartsWith(SecondRunServer.Answer, StringComparison.Ordinal)) return line[SecondRunServer.Answer.Length..];
            }
        }
        catch (IOException)
        {
            // It ended before it was asked.
        }

        return null;
    }
}
