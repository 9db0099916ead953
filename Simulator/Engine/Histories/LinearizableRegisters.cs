using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Properties;

namespace Simulator.Engine.Histories;

/// <summary>
/// Each key behaves as if every operation on it happened at one instant between its beginning and its end: no lost write, no stale
/// read, no value out of nowhere. A write without an answer may have happened at any time since it began, or never.
/// </summary>
/// <remarks>
/// Verifies each key by itself, as linearizability allows (Herlihy and Wing, 1990). Does not verify anything across keys. The search
/// is that of Wing and Gong (1993) with Lowe's memory of configurations already seen.
/// </remarks>
public sealed class LinearizableRegisters(RegisterHistory history) : Validation
{
    private const int OperationsShown = 12;

    /// <inheritdoc/>
    public override string Name => "linearizable";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        foreach (var key in history.Operations.Select(o => o.Key).Distinct().Order(StringComparer.Ordinal))
        {
            var operations = Relevant(history.Operations.Where(o => o.Key == key).ToList(), out var outOfNowhere);
            if (outOfNowhere is not null) return $"A value was read that nobody had written by then: {outOfNowhere}";
            var search = new Search(operations);
            if (search.Succeeds()) continue;
            var stuck = operations.Skip(Math.Max(0, search.Furthest - OperationsShown / 2)).Take(OperationsShown);
            return $"No order of the operations on '{key}' explains what was read. The search gets as far as these:\n{string.Join('\n', stuck.Select(o => $"  {o.Operation}"))}";
        }

        return null;
    }

    // Reads without an answer say nothing. A write without one that nobody saw may be taken never to have happened, and one that was seen
    // had happened by the end of the first read that saw it.
    private static List<Step> Relevant(List<RegisterOperation> operations, out RegisterOperation? outOfNowhere)
    {
        var reads = operations.Where(o => !o.IsWrite && o.Outcome == OperationOutcome.Done).ToList();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var read in reads.Where(r => r.Value is not null)) seen[read.Value!] = Math.Min(read.EndMicros, seen.GetValueOrDefault(read.Value!, long.MaxValue));
        var written = operations.Where(o => o.IsWrite && o.Outcome != OperationOutcome.Refused).ToDictionary(o => o.Value!, StringComparer.Ordinal);
        outOfNowhere = reads.Find(r => r.Value is not null && (!written.TryGetValue(r.Value, out var write) || write.BeginMicros > r.EndMicros));
        var steps = reads.Select(r => new Step(r, r.EndMicros)).ToList();
        foreach (var write in written.Values)
        {
            if (write.Outcome == OperationOutcome.Done) steps.Add(new Step(write, write.EndMicros));
            else if (seen.TryGetValue(write.Value!, out var firstSeen)) steps.Add(new Step(write, firstSeen));
        }

        return steps.OrderBy(s => s.Operation.BeginMicros).ToList();
    }

    /// <summary>An operation and the latest instant at which it happened.</summary>
    private sealed record Step(RegisterOperation Operation, long EndMicros);

    private sealed class Search(List<Step> steps)
    {
        private readonly bool[] _done = new bool[steps.Count];
        private readonly HashSet<(int First, string Ahead, string? Value)> _seen = [];
        private readonly Stack<(int Step, string? ValueBefore, int[] ReadsAfter)> _taken = new();
        private int _first;
        private string? _value;

        /// <summary>The furthest number of operations up to which all were explained.</summary>
        public int Furthest { get; private set; }

        // Depth first; the stack is our own, since a history may be long.
        public bool Succeeds()
        {
            var choices = new Stack<Queue<int>>();
            TakeReads();
            choices.Push(new Queue<int>(PossibleWrites()));
            while (_first < steps.Count)
            {
                if (choices.Peek().TryDequeue(out var write))
                {
                    Take(write);
                    if (_seen.Add((_first, Ahead(), _value))) choices.Push(new Queue<int>(PossibleWrites()));
                    else Undo();
                    continue;
                }

                choices.Pop();
                if (choices.Count == 0) return false;
                Undo();
            }

            return true;
        }

        private void Take(int write)
        {
            var before = _value;
            _done[write] = true;
            _value = steps[write].Operation.Value;
            _taken.Push((write, before, TakeReads()));
        }

        private void Undo()
        {
            var (write, before, reads) = _taken.Pop();
            foreach (var read in reads) _done[read] = false;
            _done[write] = false;
            _value = before;
            _first = Math.Min(_first, reads.Length == 0 ? write : Math.Min(write, reads.Min()));
            Advance();
        }

        // A read that fits the present value changes nothing: it is taken at once, and no other choice can be better.
        private int[] TakeReads()
        {
            var taken = new List<int>();
            bool more;
            do
            {
                Advance();
                more = false;
                foreach (var i in Possible())
                {
                    if (steps[i].Operation.IsWrite || steps[i].Operation.Value != _value) continue;
                    _done[i] = true;
                    taken.Add(i);
                    more = true;
                }
            }
            while (more);
            return [.. taken];
        }

        private List<int> PossibleWrites() => Possible().Where(i => steps[i].Operation.IsWrite).ToList();

        // Those that begin before any of the others has ended.
        private List<int> Possible()
        {
            var possible = new List<int>();
            var earliestEnd = long.MaxValue;
            for (var i = _first; i < steps.Count && steps[i].Operation.BeginMicros <= earliestEnd; i++)
            {
                if (_done[i]) continue;
                possible.Add(i);
                earliestEnd = Math.Min(earliestEnd, steps[i].EndMicros);
            }

            possible.RemoveAll(i => steps[i].Operation.BeginMicros > earliestEnd);
            return possible;
        }

        private void Advance()
        {
            while (_first < steps.Count && _done[_first]) _first++;
            Furthest = Math.Max(Furthest, _first);
        }

        private string Ahead()
        {
            var last = Array.LastIndexOf(_done, true);
            return last <= _first ? string.Empty : string.Create(last - _first, this, static (bits, search) =>
            {
                for (var i = 0; i < bits.Length; i++) bits[i] = search._done[search._first + 1 + i] ? '1' : '0';
            });
        }
    }
}
