using System;
using System.Threading.Tasks;

namespace tools.Server;

/// <summary>Runs a server from its start to its stop and turns what goes wrong into one sentence and an exit code.</summary>
internal static class Serving
{
    /// <summary>Starts, says where it listens, waits for a signal or a failure, and stops in order.</summary>
    /// <param name="start">Starts the server; what it throws is wrong input, unless it is a bug.</param>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="failure">Ends when it cannot go on.</param>
    /// <param name="logs">Its log, which a refused start does not write.</param>
    public static async Task<int> Run<TServer>(Func<Task<TServer>> start, Func<TServer, string> endpoint, Func<TServer, Task<Exception>> failure, StderrLogs logs)
        where TServer : IAsyncDisposable
    {
        using var signals = new StopSignals();
        TServer server;
        try
        {
            server = await start();
        }
        catch (Exception e) when (StartFailures.Sentence(e) is not null)
        {
            return Complain(StartFailures.Sentence(e)!, ExitCodes.WrongInput);
        }
        catch (Exception e)
        {
            logs.Release();
            return Complain($"The start failed: {e.Message}", ExitCodes.Failed);
        }

        logs.Release();
        Console.Out.WriteLine($"listening on {endpoint(server)}");
        var first = await Task.WhenAny(signals.Received, failure(server));
        var reason = first == signals.Received ? null : await failure(server);
        try
        {
            await server.DisposeAsync();
        }
        catch (Exception e)
        {
            reason ??= e;
        }

        return reason is null ? ExitCodes.Stopped : Complain($"The server ended: {reason.Message}", ExitCodes.Failed);
    }

    /// <summary>One line on standard error.</summary>
    public static int Complain(string sentence, int exitCode)
    {
        Console.Error.WriteLine(sentence.ReplaceLineEndings(" "));
        return exitCode;
    }
}
