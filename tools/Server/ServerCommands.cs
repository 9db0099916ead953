using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Reference.Hosting;

namespace tools.Server;

/// <summary>The command line: <c>server</c> runs a broker, <c>server coordination</c> the store for a cluster on one machine.</summary>
internal static class ServerCommands
{
    private const string DefaultData = "kafka-data";

    private const string Description = """
        A Kafka broker. Without --zookeeper it runs its own coordination store, for a single broker.

        Examples:
          server                                            a broker on 127.0.0.1:9092, data in ./kafka-data
          server --port 9093 --data /var/lib/sim            another port and directory
          server --set num.partitions=3                     any option by Kafka's name; --config reads a file of them
          server coordination --port 2181 --data zk         a store for a cluster on this machine, and its brokers:
          server --node-id 1 --port 9092 --data b1 --zookeeper 127.0.0.1:2181
          server --node-id 2 --port 9093 --data b2 --zookeeper 127.0.0.1:2181

        It prints "listening on HOST:PORT" when it serves, and stops in order on SIGTERM and SIGINT.
        Exit codes: 0 stopped, 1 failed while running, 2 wrong usage or input.
        """;

    private static readonly Option<int?> s_port = new("--port") { Description = "Port of the loopback interface (9092); 0 takes any free one. Other interfaces: --set listeners=PLAINTEXT://HOST:PORT." };
    private static readonly Option<string> s_data = new("--data") { Description = $"Directory of all data (./{DefaultData})." };
    private static readonly Option<int?> s_nodeId = new("--node-id") { Description = "The broker's id; without it the stored one, or a new one." };
    private static readonly Option<string> s_zookeeper = new("--zookeeper") { Description = "HOST:PORT,… of 'server coordination' or of an Apache ZooKeeper ensemble." };
    private static readonly Option<string> s_config = new("--config") { Description = "A file of options, server.properties." };
    private static readonly Option<string[]> s_set = new("--set") { Description = "An option as name=value; may be repeated, and wins over --config.", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<LogLevel> s_logLevel = new("--log-level") { Description = "What is logged to standard error.", DefaultValueFactory = _ => LogLevel.Warning };
    private static readonly Option<int?> s_storePort = new("--port") { Description = "Port of the loopback interface (2181); 0 takes any free one." };
    private static readonly Option<string> s_storeData = new("--data") { Description = "Directory of the store (./coordination-data)." };

    /// <summary>Runs the command line to its end.</summary>
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand(Description) { s_port, s_data, s_nodeId, s_zookeeper, s_config, s_set, s_logLevel };
        s_logLevel.Recursive = true;
        root.SetAction((result, _) => RunBroker(result));
        var coordination = new Command("coordination", "A coordination store for a cluster on one machine; it speaks ZooKeeper's protocol.") { s_storePort, s_storeData };
        coordination.SetAction((result, _) => RunCoordination(result));
        root.Subcommands.Add(coordination);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Serving.Complain($"{parsed.Errors[0].Message.TrimEnd('.')}; see --help.", ExitCodes.WrongInput);
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static Task<int> RunBroker(ParseResult parsed)
    {
        var logs = new StderrLogs(parsed.GetValue(s_logLevel));
        return Serving.Run(
            () => KafkaBrokerHost.StartAsync(new KafkaBrokerHostOptions(DataDirectory(parsed.GetValue(s_data) ?? DefaultData))
            {
                Configuration = Configuration(parsed),
                Logs = logs,
            }),
            static broker => broker.ListensOn,
            static broker => broker.Failure,
            logs);
    }

    private static Task<int> RunCoordination(ParseResult parsed)
    {
        var logs = new StderrLogs(parsed.GetValue(s_logLevel));
        return Serving.Run(
            () => CoordinationHost.StartAsync(new CoordinationHostOptions(DataDirectory(parsed.GetValue(s_storeData) ?? "coordination-data"))
            {
                Port = Port(parsed.GetValue(s_storePort) ?? 2181),
                Logs = logs,
            }),
            static store => store.ConnectString,
            static store => store.Failure,
            logs);
    }

    /// <summary>What the options of the command line say in Kafka's names; they win over --set, and --set over --config.</summary>
    private static Dictionary<string, string> Configuration(ParseResult parsed)
    {
        var values = parsed.GetValue(s_config) is { } file ? PropertiesFile.Read(file) : new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(s_set) ?? [])
        {
            var (name, value) = PropertiesFile.Pair(text, "The value of --set");
            values[name] = value;
        }

        if (parsed.GetValue(s_nodeId) is { } id) values["broker.id"] = id >= 0 ? $"{id}" : throw new UsageException($"--node-id cannot be {id}: it is at least 0.");
        if (parsed.GetValue(s_zookeeper) is { } zookeeper) values["zookeeper.connect"] = zookeeper;
        if (parsed.GetValue(s_port) is { } port) values["listeners"] = $"PLAINTEXT://127.0.0.1:{Port(port)}";
        else values.TryAdd("listeners", "PLAINTEXT://127.0.0.1:9092");
        return values;
    }

    private static int Port(int port) => port is >= 0 and <= 65535 ? port : throw new UsageException($"--port cannot be {port}: it is between 0 and 65535.");

    private static string DataDirectory(string path) => File.Exists(path)
        ? throw new UsageException($"--data names {path}, which is a file: name a directory.")
        : path;
}
