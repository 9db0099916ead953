using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Simulator.Engine.Exploration;

/// <summary>
/// The other end of <see cref="SecondProcess"/>: answers "run SEED", "steps SEED" and "stack SEED STEP" with a line of JSON each,
/// until its input ends.
/// </summary>
public static class SecondRunServer
{
    /// <summary>Begins each line that is an answer.</summary>
    internal const string Answer = "second run: ";

    /// <summary>Answers until the input ends.</summary>
    /// <param name="scenario">What runs.</param>
    /// <param name="input">The questions: the process's standard input.</param>
    /// <param name="output">The answers: its standard output.</param>
    public static void Serve(Scenario scenario, TextReader input, TextWriter output)
    {
        var isFirst = true;
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var seed = ulong.Parse(words[1], CultureInfo.InvariantCulture);
            // This process is always a run ahead of the first one: what a static keeps from run to run differs between the two.
            if (isFirst) SeedRunner.Run(scenario, seed);
            isFirst = false;
            var answer = words[0] switch
            {
                "run" => JsonSerializer.Serialize(RunEssence.Of(SeedRunner.Run(scenario, seed))),
                "steps" => JsonSerializer.Serialize(Bytes(Recorded(scenario, seed, -1))),
                "stack" => JsonSerializer.Serialize(Recorded(scenario, seed, int.Parse(words[2], CultureInfo.InvariantCulture)).Seen),
                _ => throw new InvalidOperationException($"'{line}' is no question."),
            };
            output.WriteLine(Answer + answer);
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
