using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Tests.Support;

namespace Tests.tools.Server;

/// <summary>kcat as a user calls it.</summary>
internal static class Kcat
{
    /// <summary>What kcat -L prints.</summary>
    public static async Task<string> List(string servers) => (await ExternalProgram.Run("kcat", ["-b", servers, "-L", "-m", "20"])).Expect0().StandardOutput;

    /// <summary>Produces lines with acks=all; ends when all are acknowledged.</summary>
    public static async Task Produce(string servers, string topic, IEnumerable<string> lines) => (await ExternalProgram.Run(
        "kcat", ["-b", servers, "-P", "-t", topic, "-X", "acks=all", "-X", "topic.metadata.refresh.interval.ms=500"], string.Join('\n', lines) + "\n")).Expect0();

    /// <summary>All records of a topic from the beginning to the end.</summary>
    public static async Task<List<string>> Consume(string servers, string topic)
    {
        var result = (await ExternalProgram.Run("kcat", ["-b", servers, "-C", "-t", topic, "-o", "beginning", "-e", "-q"])).Expect0();
        return [.. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>"name 0" to "name count-1".</summary>
    public static List<string> Lines(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name} {i}")];
}
