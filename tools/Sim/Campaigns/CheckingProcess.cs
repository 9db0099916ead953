using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Simulator.Engine;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>
/// Another process of this program that runs seeds a second time: what differs between two processes, such as the hash codes of
/// texts, shows there. It takes many seeds, so that its start and compilation are paid once.
/// </summary>
internal sealed class CheckingProcess : ISecondRun, IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it for one scenario.</summary>
    public CheckingProcess(string scenario)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(CheckingProcess).Assembly.Location);
        start.ArgumentList.Add(CheckingLoop.CommandName);
        start.ArgumentList.Add(scenario);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The second process could not be started.");
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
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        _process.Dispose();
    }

    private T? Ask<T>(string what, ulong seed, int step = 0)
    {
        string? answer;
        try
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {seed} {step}"));
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            answer = null;
        }

        return answer is null
            ? throw new InvalidOperationException($"The second process ended while it ran seed {seed}.")
            : JsonSerializer.Deserialize<T>(answer);
    }
}
