using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Simulator.Engine.Timelines.Export;

/// <summary>
/// The clients' operations as a Jepsen history: one map a line, in the order of virtual time, times in nanoseconds. A process does
/// one thing at a time there: operations of a client that overlap have processes of their own, and one whose outcome is unknown ends
/// its process. <c>:client</c> tells whose it was.
/// </summary>
public static class EdnHistory
{
    private const int NanosPerMicro = 1000;

    /// <summary>Writes the history.</summary>
    public static void Write(Timeline timeline, TextWriter output)
    {
        var ended = timeline.Operations.Where(o => o.EndMicros is not null).OrderBy(o => o.EndMicros).ThenBy(o => o.EndEvent);
        var steps = timeline.Operations.Select(o => (At: o.BeginMicros, Event: o.BeginEvent, IsEnd: false, Operation: o))
            .Concat(ended.Select(o => (At: o.EndMicros!.Value, Event: o.EndEvent, IsEnd: true, Operation: o)))
            .OrderBy(s => s.At).ThenBy(s => s.Event); // stable: an operation of an instant begins before it ends
        var processes = new Processes();
        var index = 0;
        foreach (var (at, _, isEnd, operation) in steps)
        {
            var process = isEnd ? processes.End(operation) : processes.Begin(operation);
            output.Write(Edn.Map(
                (":index", Edn.Number(index++)),
                (":type", TypeOf(operation, isEnd)),
                (":f", Edn.Keyword(operation.Function)),
                (":value", isEnd ? operation.Completed ?? operation.Invoked : operation.Invoked),
                (":process", Edn.Number(process)),
                (":time", Edn.Number(at * NanosPerMicro)),
                (":client", Edn.Text(timeline.Lanes[operation.Lane]))));
            output.Write('\n');
        }
    }

    private static string TypeOf(TimelineOperation operation, bool isEnd) =>
        !isEnd ? ":invoke" : operation.Outcome switch { OperationOutcome.Ok => ":ok", OperationOutcome.Fail => ":fail", _ => ":info" };

    private sealed class Processes
    {
        private readonly Dictionary<TimelineOperation, int> _of = [];
        private readonly Dictionary<int, Stack<int>> _idle = [];
        private int _next;

        public int Begin(TimelineOperation operation)
        {
            if (!_idle.TryGetValue(operation.Lane, out var idle)) _idle[operation.Lane] = idle = new Stack<int>();
            return _of[operation] = idle.TryPop(out var process) ? process : _next++;
        }

        public int End(TimelineOperation operation)
        {
            _of.Remove(operation, out var process);
            if (operation.Outcome != OperationOutcome.Info) _idle[operation.Lane].Push(process);
            return process;
        }
    }
}
