using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Simulator.Engine;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>
/// The other end of <see cref="CheckingProcess"/>: answers "run SEED", "steps SEED" and "stack SEED STEP" with a line of JSON each,
/// until its input ends.
/// </summary>
internal static class CheckingLoop
{
    /// <summary>The command, which is for the program itself and in no help.</summary>
    public const string CommandName = "second-run";

    /// <summary>Answers until the input ends.</summary>
    public static void Serve(Scenario scenario, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var seed = ulong.Parse(words[1], CultureInfo.InvariantCulture);
            output.WriteLine(words[0] switch
            {
                "run" => JsonSerializer.Serialize(RunEssence.Of(SeedRunner.Run(scenario, seed))),
                "steps" => JsonSerializer.Serialize(Bytes(Recorded(scenario, seed, -1))),
                "stack" => JsonSerializer.Serialize(Recorded(scenario, seed, int.Parse(words[2], CultureInfo.InvariantCulture)).Seen),
                _ => throw new InvalidOperationException($"'{line}' is no question."),
            });
            output.Flush();
        }
    }

    private static StepRecorder Recorded(Scenario scenario, ulong seed, int stackAt)
    {
        var steps = new StepRecorder(stackAt);
        SeedRunner.Run(scenario, seed, new RunOptions(Steps: steps));
        return steps;
    }

    private static byte[] Bytes(StepRecorder steps)
    {
        var bytes = new byte[steps.Hashes.Count * sizeof(ulong)];
        for (var i = 0; i < steps.Hashes.Count; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), steps.Hashes[i]);
        return bytes;
    }
}
