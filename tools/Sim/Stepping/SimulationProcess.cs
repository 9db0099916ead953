using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace tools.Sim.Stepping;

/// <summary>
/// The processes of a session, seen from the one that asks: the first, which hands on orders, and its copies, each with a place of its
/// own from which it is called. They leave when this process does.
/// </summary>
internal sealed class SimulationProcess : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly BufferedStream _replies;
    private Task<Reply>? _reading;

    /// <summary>Starts the first process.</summary>
    /// <param name="command">The command, hidden, by which this program becomes that process, with what it is to run.</param>
    public SimulationProcess(params string[] command)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(SimulationProcess).Assembly.Location);
        foreach (var word in command) start.ArgumentList.Add(word);
        foreach (var (name, value) in ForkableRuntime.Variables) start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The process of the simulation could not be started.");
        _replies = new BufferedStream(_process.StandardOutput.BaseStream);
    }

    /// <summary>The first answer comes unasked, from the run before its beginning.</summary>
    /// <exception cref="UsageException">The run could not be prepared.</exception>
    public Reply Begin() => Await(_process.Id);

    /// <summary>Gives an order to the process at a place, and waits for the answer.</summary>
    /// <exception cref="UsageException">It could not be carried out.</exception>
    /// <exception cref="SimulationEndedException">The process has ended.</exception>
    public Reply Ask(Place place, string order)
    {
        Send(place.Number, order);
        return Await(place.Process);
    }

    /// <summary>Leaves a copy of the process at one place, standing where it stands, at another.</summary>
    /// <exception cref="UsageException">There is too little memory, or there are too many processes.</exception>
    public Place Copy(Place original, int number) => new(number, Ask(original, Order.Copy(number)).Process);

    /// <summary>Lets all processes leave, and waits until they have.</summary>
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

        if (!_process.WaitForExit(s_leaving)) _process.Kill();
        if (_reading is null) Task.Run(() => _replies.CopyTo(Stream.Null)).Wait(s_leaving); // each of them holds the other end
        _process.Dispose();
    }

    private void Send(int place, string order)
    {
        try
        {
            _process.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{place} {order}\n"));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }
    }

    // All processes share the pipe of the answers, so that the end of one does not show there.
    private Reply Await(int process)
    {
        var reading = _reading ??= Task.Run(() => Reply.Read(_replies)); // one that was given up is still under way
        try
        {
            while (!reading.Wait(s_look))
            {
                if (!Lives(process) && !reading.Wait(s_look)) throw Ended();
            }
        }
        catch (AggregateException e) when (e.InnerException is IOException)
        {
            throw Ended();
        }

        var reply = reading.Result;
        _reading = null;
        return reply.Kind == ReplyKind.Refused ? throw new UsageException(reply.Text) : reply;
    }

    private static bool Lives(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static SimulationEndedException Ended() => new();
}
