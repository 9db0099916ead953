using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.StateMachines;
using Xunit;

namespace Tests.Reference.StateMachines;

/// <summary>
/// Random machines with substates against a model that computes the paths of exit and entry from the lists of ancestors,
/// where the machine walks its representations.
/// </summary>
public sealed class StateMachineModelTests
{
    private const int States = 5;
    private const int Triggers = 3;

    /// <summary>What one state does on one trigger: -2 refuses, -1 ignores, otherwise the destination (itself: reentry).</summary>
    private sealed record Plan(int[] Table, int[] Superstates, int[] Fired)
    {
        public override string ToString() => $"table [{string.Join(' ', Table)}] superstates [{string.Join(' ', Superstates)}] fired [{string.Join(' ', Fired)}]";
    }

    [Fact]
    public void A_random_machine_does_what_its_table_says() =>
        Prop.ForAll(Plans().ToArbitrary(), plan => Assert.Equal(Expected(plan), Observed(plan))).QuickCheckThrowOnFailure();

    private static Gen<Plan> Plans() =>
        from table in Gen.Choose(-2, States - 1).ArrayOf(States * Triggers)
        from superstates in Gen.Choose(-1, States - 1).ArrayOf(States)
        from fired in Gen.Choose(0, Triggers - 1).ArrayOf(30)
        select new Plan(table, [.. superstates.Select((s, i) => s < i ? s : -1)], fired);

    private static List<string> Observed(Plan plan)
    {
        var log = new List<string>();
        var machine = new StateMachine<int, int>(0);
        for (var state = 0; state < States; state++)
            Declare(machine, plan, state, log);
        foreach (var trigger in plan.Fired)
        {
            var can = machine.CanFire(trigger);
            Assert.Equal(can, machine.PermittedTriggers.Contains(trigger));
            if (can)
                machine.Fire(trigger);
            else
                Assert.Throws<InvalidOperationException>(() => machine.Fire(trigger));
            log.Add(can ? $"in {machine.State}" : $"refused in {machine.State}");
        }

        return log;
    }

    private static void Declare(StateMachine<int, int> machine, Plan plan, int state, List<string> log)
    {
        var declared = machine.Configure(state).OnEntry(() => log.Add($"entry {state}")).OnExit(() => log.Add($"exit {state}"));
        if (plan.Superstates[state] >= 0)
            declared.SubstateOf(plan.Superstates[state]);
        for (var trigger = 0; trigger < Triggers; trigger++)
        {
            var target = plan.Table[(state * Triggers) + trigger];
            if (target == -1)
                declared.Ignore(trigger);
            else if (target == state)
                declared.PermitReentry(trigger);
            else if (target >= 0)
                declared.Permit(trigger, target);
        }
    }

    private static List<string> Expected(Plan plan)
    {
        var log = new List<string>();
        var state = 0;
        foreach (var trigger in plan.Fired)
        {
            var holders = Ancestry(plan, state).Where(s => plan.Table[(s * Triggers) + trigger] != -2).ToList();
            if (holders.Count == 0)
            {
                log.Add($"refused in {state}");
                continue;
            }

            var target = plan.Table[(holders[0] * Triggers) + trigger];
            if (target >= 0)
            {
                log.AddRange(Path(plan, state, target, target == holders[0]));
                state = target;
            }

            log.Add($"in {state}");
        }

        return log;
    }

    private static IEnumerable<string> Path(Plan plan, int source, int target, bool reentry)
    {
        var outwards = Ancestry(plan, source);
        var inwards = Ancestry(plan, target);
        var left = outwards.TakeWhile(s => !inwards.Contains(s)).ToList();
        var entered = inwards.TakeWhile(s => !outwards.Contains(s)).Reverse().ToList();
        if (reentry)
        {
            left.Add(target);
            entered.Add(target);
        }

        return left.Select(s => $"exit {s}").Concat(entered.Select(s => $"entry {s}"));
    }

    private static List<int> Ancestry(Plan plan, int state)
    {
        var all = new List<int>();
        for (var at = state; at >= 0; at = plan.Superstates[at])
            all.Add(at);
        return all;
    }
}
