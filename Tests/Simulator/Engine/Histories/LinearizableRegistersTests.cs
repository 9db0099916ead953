using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Histories;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Histories;

public sealed class LinearizableRegistersTests
{
    private readonly SimWorld _world = new(1);
    private readonly RegisterHistory _history;

    public LinearizableRegistersTests() => _history = new RegisterHistory(_world);

    [Fact]
    public void Nothing_and_one_client_at_a_time_are_linearizable()
    {
        Assert.Null(Violation);
        Get(null);
        Put("1");
        Get("1");
        Put("2");
        Get("2");
        Assert.Null(Violation);
    }

    [Fact]
    public void A_read_of_an_overwritten_value_is_stale()
    {
        Put("1");
        Put("2");
        Get("1");
        Assert.Contains("on 'x'", Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_was_acknowledged_and_never_seen_is_lost()
    {
        Put("1");
        Get(null);
        Assert.NotNull(Violation);
    }

    [Fact]
    public void A_value_that_nobody_wrote_comes_out_of_nowhere()
    {
        Get("7");
        Assert.Contains("nobody had written", Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_reads_during_a_write_may_see_old_then_new_but_not_new_then_old()
    {
        Put("1");
        var put = _history.BeginPut("b", "x", "2");
        Tick();
        Get("1");
        Get("2");
        put.Acknowledge();
        Assert.Null(Violation);
    }

    [Fact]
    public void New_then_old_during_a_write_is_a_violation()
    {
        Put("1");
        var put = _history.BeginPut("b", "x", "2");
        Tick();
        Get("2");
        Get("1");
        put.Acknowledge();
        Assert.NotNull(Violation);
    }

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late_or_never_but_not_twice()
    {
        Put("1");
        _history.BeginPut("b", "x", "2");
        _history.BeginPut("c", "x", "never seen");
        Tick();
        Get("1");
        Put("3");
        Get("2");
        Assert.Null(Violation);
        Put("4");
        Get("2");
        Assert.NotNull(Violation);
    }

    [Fact]
    public void A_refused_write_must_not_be_seen()
    {
        var put = _history.BeginPut("b", "x", "2");
        Tick();
        put.Refuse();
        Get("2");
        Assert.NotNull(Violation);
    }

    [Fact]
    public void Keys_are_independent()
    {
        Put("1");
        _history.BeginGet("a", "y").Answer(null);
        Assert.Null(Violation);
    }

    [Fact]
    public void Histories_of_a_register_are_linearizable_and_one_changed_read_is_found_as_by_brute_force()
    {
        var random = new RandomStream(11);
        var wrong = 0;
        for (var round = 0; round < 300; round++)
        {
            var world = new SimWorld(1);
            var history = new RegisterHistory(world);
            Simulate(world, history, random, lie: random.Chance(0.5));
            var expected = HasOrder(history.Operations, [], null);
            Assert.Equal(expected, new LinearizableRegisters(history).FindViolation() is null);
            if (!expected) wrong++;
        }

        Assert.InRange(wrong, 20, 280);
    }

    [Fact]
    public void A_long_history_with_many_concurrent_writes_is_checked_in_time()
    {
        var random = new RandomStream(5);
        for (var i = 0; i < 400; i++)
        {
            var puts = Enumerable.Range(0, 4).Select(n => _history.BeginPut($"c{n}", "x", $"{i}-{n}")).ToList();
            Tick();
            random.Shuffle(puts);
            puts.ForEach(p => p.Acknowledge());
            Tick();
            Get(puts[^1].Value);
        }

        Assert.Null(Violation);
        Get("3-1");
        Assert.NotNull(Violation);
    }

    private string? Violation => new LinearizableRegisters(_history).FindViolation();

    private static void Simulate(SimWorld world, RegisterHistory history, RandomStream random, bool lie)
    {
        string? value = null;
        var open = new List<(RegisterOperation Operation, bool Applied, string? Seen)>();
        for (var step = 0; step < 16; step++)
        {
            world.RunFor(TimeSpan.FromMilliseconds(1));
            if (open.Count < 3 && random.Chance(0.6) && history.Operations.Count < 7)
            {
                var number = history.Operations.Count;
                open.Add((random.Chance(0.5) ? history.BeginPut($"c{number}", "x", $"{number}") : history.BeginGet($"c{number}", "x"), false, null));
            }
            else if (open.Count > 0)
            {
                var at = random.Next(open.Count);
                var (operation, applied, seen) = open[at];
                if (!applied)
                {
                    if (operation.IsWrite) value = operation.Value;
                    open[at] = (operation, true, lie && random.Chance(0.4) ? null : value);
                    continue;
                }

                if (operation.IsWrite) operation.Acknowledge();
                else operation.Answer(seen);
                open.RemoveAt(at);
            }
        }

        foreach (var (operation, _, _) in open.Where(o => !o.Operation.IsWrite)) operation.Answer(value);
    }

    // All orders, straight from the definition.
    private static bool HasOrder(IReadOnlyList<RegisterOperation> all, List<RegisterOperation> done, string? value)
    {
        var left = all.Except(done).ToList();
        if (left.All(o => o.Outcome == OperationOutcome.Unknown)) return true;
        foreach (var next in left.Where(o => left.All(other => other == o || other.EndMicros >= o.BeginMicros)))
        {
            if (!next.IsWrite && next.Value != value) continue;
            if (HasOrder(all, [.. done, next], next.IsWrite ? next.Value : value)) return true;
        }

        return false;
    }

    private void Put(string value)
    {
        var put = _history.BeginPut("a", "x", value);
        Tick();
        put.Acknowledge();
        Tick();
    }

    private void Get(string? value)
    {
        var get = _history.BeginGet("a", "x");
        Tick();
        get.Answer(value);
        Tick();
    }

    private void Tick() => _world.RunFor(TimeSpan.FromMilliseconds(1));
}
