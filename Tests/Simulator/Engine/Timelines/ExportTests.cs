using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Timelines;
using Simulator.Engine.Timelines.Export;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Timelines;

public class ExportTests
{
    [Fact]
    public void A_history_stands_in_the_order_of_time_and_each_process_does_one_thing_at_a_time()
    {
        var world = new SimWorld(1);
        var recorder = world.RecordTimeline();
        var first = recorder.BeginOperation("a", "send", "[1]");
        world.RunFor(TimeSpan.FromMilliseconds(1));
        var second = recorder.BeginOperation("a", "send", "[2]");
        recorder.EndOperation(first, OperationOutcome.Ok, "[1 7]");
        world.RunFor(TimeSpan.FromMilliseconds(1));
        recorder.EndOperation(second, OperationOutcome.Info);
        recorder.BeginOperation("a", "send", "[3]");
        recorder.EndOperation(recorder.BeginOperation("a", "send it", "[4]"), OperationOutcome.Fail);
        var history = new StringWriter(CultureInfo.InvariantCulture);
        EdnHistory.Write(recorder.Finish("test", new Dictionary<string, string>()), history);
        Assert.Equal(
            """
            {:index 0, :type :invoke, :f :send, :value [1], :process 0, :time 0, :client "a"}
            {:index 1, :type :invoke, :f :send, :value [2], :process 1, :time 1000000, :client "a"}
            {:index 2, :type :ok, :f :send, :value [1 7], :process 0, :time 1000000, :client "a"}
            {:index 3, :type :invoke, :f :send, :value [3], :process 0, :time 2000000, :client "a"}
            {:index 4, :type :invoke, :f :send-it, :value [4], :process 2, :time 2000000, :client "a"}
            {:index 5, :type :info, :f :send, :value [2], :process 1, :time 2000000, :client "a"}
            {:index 6, :type :fail, :f :send-it, :value [4], :process 2, :time 2000000, :client "a"}

            """,
            history.ToString());
    }

    [Fact]
    public void Texts_are_quoted_as_EDN_asks()
    {
        Assert.Equal("\"a\\\"b\\\\c\\nd\\u0001\"", Edn.Text("a\"b\\c\nd\u0001"));
        Assert.Equal("[[:send \"k\" 1]]", Edn.Vector(Edn.Vector(":send", Edn.Text("k"), Edn.Number(1))));
        Assert.Equal("{\"k\" [1 2], \"l\" []}", Edn.Map((Edn.Text("k"), Edn.Vector("1", "2")), (Edn.Text("l"), Edn.Vector())));
    }

    [Fact]
    public void A_trace_has_a_thread_per_machine_a_flow_per_arrived_message_and_pairs_of_async_events()
    {
        var timeline = SeedRunner.Run(new ToyScenario(breaks: _ => true), 2, new RunOptions(Timeline: true)).Timeline!;
        var stream = new MemoryStream();
        PerfettoTrace.Write(timeline, stream);
        using var trace = JsonDocument.Parse(stream.ToArray());
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        string Phase(JsonElement e) => e.GetProperty("ph").GetString()!;
        Assert.Equal(timeline.Lanes, events.Where(e => Phase(e) == "M" && e.GetProperty("name").GetString() == "thread_name").Select(e => e.GetProperty("args").GetProperty("name").GetString()));
        var arrived = timeline.Messages.Count(m => m.End == MessageEnd.Arrived);
        Assert.Equal((arrived, arrived), (events.Count(e => Phase(e) == "s"), events.Count(e => Phase(e) == "f")));
        Assert.Equal(events.Count(e => Phase(e) == "b"), events.Count(e => Phase(e) == "e"));
        Assert.Contains(events, e => Phase(e) == "i" && e.GetProperty("name").GetString() == "failure echo-is-right");
        Assert.All(events, e => Assert.True(e.GetProperty("ts").GetInt64() >= 0));
    }
}
