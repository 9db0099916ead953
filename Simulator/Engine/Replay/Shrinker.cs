using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;

namespace Simulator.Engine.Replay;

/// <summary>
/// Cuts a failing run to its essence: fewer faults, less noise, fewer operations, a shorter run, plainer options, weaker faults, as
/// long as the same property fails. Lists are cut in ever smaller chunks, after Zeller and Hildebrandt, "Simplifying and Isolating
/// Failure-Inducing Input", 2002. What is given has been run as it is given: it fails so and comes to the hash that it states.
/// </summary>
/// <param name="scenario">What runs, with the planted bug if there is one.</param>
/// <param name="file">The failing run.</param>
/// <param name="jobs">Number of threads; the outcome does not depend on it unless time is over first.</param>
/// <param name="isOver">True once no more runs are to be begun.</param>
/// <param name="signatureOf">
/// What must stay the same of a failure besides its property: a property can break in more than one way, and the smallest run that
/// breaks it may be another one's. Null for nothing.
/// </param>
/// <param name="sparing">The clean build, which must hold in every run that is taken; null where no bug was planted.</param>
public sealed class Shrinker(Scenario scenario, ReplayFile file, int jobs, Func<bool> isOver, Func<SimFailure, string>? signatureOf = null, Scenario? sparing = null)
{
    private const int MostRounds = 8;
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_afterLastDecision = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyList<double> s_weaker = [0.1, 0.25, 0.5];
    private Trials _trials = null!;
    private bool _trims = true;
    private RunScript _best = file.Script;
    private RunScript _tried = file.Script;
    private SeedResult? _bestRun;

    /// <summary>Called after each attempt, on the calling thread: the place for a progress bar.</summary>
    public Action<ShrinkSize, int>? Progress { get; set; }

    /// <summary>Shrinks.</summary>
    /// <exception cref="ReplayException">The run does not fail, or not by the property that the file names.</exception>
    public ShrinkReport Run()
    {
        if (file.Failure is not { Property: var property }) throw new ReplayException("The run has not failed: there is nothing to shrink.");
        var first = SeedRunner.Replay(scenario, file.Script, file.Seed ?? 0, new RunOptions(Record: true));
        if (first.Failure?.Property != property)
            throw new ReplayException($"The run does not fail any more by {property}: {(first.Failure is { } other ? $"{other.Property} fails instead" : "all holds")}.");
        var signature = signatureOf?.Invoke(first.Failure);
        _trials = new Trials(scenario, file.Seed ?? 0, f => f.Property == property && signatureOf?.Invoke(f) == signature, sparing, jobs, isOver);
        var before = ShrinkSize.Of(first.Script!);
        Accept(file.Script, first);
        var isFixedPoint = ShrinkToEnd();
        if (!IsConfirmed())
        {
            _trims = false;
            Accept(_tried, _bestRun!);
            isFixedPoint = ShrinkToEnd();
            if (!IsConfirmed()) _best = _tried;
        }

        return new ShrinkReport(Smallest(), before, ShrinkSize.Of(_best), _trials.Runs, isFixedPoint);
    }

    private bool ShrinkToEnd()
    {
        var isFixedPoint = false;
        for (var round = 0; round < MostRounds && !isFixedPoint && !_trials.IsOver; round++) isFixedPoint = !ShrinkOnce() && !_trials.IsOver;
        return isFixedPoint;
    }

    // A scenario may set up more for operations that never come, say a machine: what was cut without a trial is tried at last.
    private bool IsConfirmed()
    {
        if (_trials.Confirm(_best) is not { } run) return false;
        _bestRun = run;
        return true;
    }

    private ReplayFile Smallest() => file with
    {
        Script = _best,
        Hash = _bestRun!.Hash,
        Failure = ReplayVerdict.Of(_bestRun.Failure),
    };

    private bool ShrinkOnce()
    {
        var changed = Cut(s => s.Faults, (s, faults) => s with { Faults = faults });
        changed |= Cut(Noisy, Quieten);
        changed |= CutActors();
        changed |= Cut(s => s.Operations, (s, operations) => s with { Operations = operations });
        changed |= HealEarlier();
        changed |= MakePlainer();
        changed |= Weaken();
        return changed;
    }

    // Whatever lies behind the failure has not happened: it goes without a trial for now.
    private void Accept(RunScript script, SeedResult run)
    {
        var failedAt = TimeSpan.FromMicroseconds(run.Failure!.AtMicros);
        var end = failedAt + s_afterFailure;
        (_tried, _bestRun) = (script, run);
        _best = script with
        {
            Faults = run.Script!.Faults,
            Operations = _trims ? script.Operations.Where(o => o.At <= failedAt).ToList() : script.Operations,
            Streams = run.Script.Streams,
            End = script.End is { } earlier && earlier < end ? earlier : end,
        };
    }

    private bool Take(IReadOnlyList<RunScript> candidates, out int index)
    {
        index = -1;
        var hit = _trials.FirstFailing(candidates);
        if (hit is { } found)
        {
            Accept(candidates[found.Index], found.Result);
            index = found.Index;
        }

        Progress?.Invoke(ShrinkSize.Of(_best), _trials.Runs);
        return index >= 0;
    }

    private bool Cut<T>(Func<RunScript, IReadOnlyList<T>> get, Func<RunScript, IReadOnlyList<T>, RunScript> set)
    {
        var changed = false;
        for (var size = get(_best).Count; size > 0 && !_trials.IsOver; size /= 2)
        {
            for (var from = 0; from < get(_best).Count && !_trials.IsOver;)
            {
                var (items, start) = (get(_best), from);
                var candidates = new List<RunScript>();
                for (var i = 0; i < _trials.Jobs && start + (i * size) < items.Count; i++)
                {
                    var chunk = start + (i * size);
                    candidates.Add(set(_best, [.. items.Take(chunk), .. items.Skip(chunk + size)]));
                }

                if (Take(candidates, out var index)) changed = true;
                from = start + ((index >= 0 ? index : candidates.Count) * size);
            }
        }

        return changed;
    }

    private static IReadOnlyList<KeyValuePair<string, StreamStart>> Noisy(RunScript script) => script.Streams.Where(s => !s.Value.IsQuiet).ToList();

    private static RunScript Quieten(RunScript script, IReadOnlyList<KeyValuePair<string, StreamStart>> noisy)
    {
        var streams = new SortedDictionary<string, StreamStart>(StringComparer.Ordinal) { [Noise.Others] = StreamStart.Quiet };
        foreach (var (name, start) in noisy) streams[name] = start;
        return script with { Streams = streams };
    }

    private bool CutActors()
    {
        var changed = false;
        foreach (var actor in _best.Operations.Select(o => o.Actor).Distinct().ToList())
        {
            changed |= Take([_best with { Operations = _best.Operations.Where(o => o.Actor != actor).ToList() }], out _);
        }

        return changed;
    }

    // For what fails only after the heal: the heal comes as soon as nothing else is planned.
    private bool HealEarlier()
    {
        var last = _best.Faults.Select(f => f.At).Concat(_best.Operations.Select(o => o.At)).Append(_best.Phases.WarmUp).Max();
        var faults = last + s_afterLastDecision - _best.Phases.WarmUp;
        return faults < _best.Phases.Faults && _best.End > _best.Phases.WarmUp + _best.Phases.Faults
            && Take([_best with { Phases = _best.Phases with { Faults = faults }, End = null }], out _);
    }

    private bool MakePlainer()
    {
        var changed = false;
        foreach (var (name, plainer) in scenario.PlainerValues)
        {
            if (!_best.Configuration.TryGetValue(name, out var now)) continue;
            changed |= Take(plainer.TakeWhile(v => v != now).Select(value => _best with { Configuration = With(_best.Configuration, name, value) }).ToList(), out _);
        }

        return changed;
    }

    private static SortedDictionary<string, string> With(IReadOnlyDictionary<string, string> configuration, string name, string value)
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, old) in configuration) changed[key] = key == name ? value : old;
        return changed;
    }

    private bool Weaken()
    {
        var changed = false;
        for (var i = 0; i < _best.Faults.Count && !_trials.IsOver; i++)
        {
            var (index, fault) = (i, _best.Faults[i]);
            if (fault.Plan.Duration <= TimeSpan.FromMilliseconds(100)) continue;
            changed |= Take(s_weaker.Select(share => _best with { Faults = With(_best.Faults, index, Shortened(fault, share)) }).ToList(), out _);
        }

        return changed;
    }

    private static List<PlannedFault> With(IReadOnlyList<PlannedFault> faults, int index, PlannedFault fault) => faults.Select((f, i) => i == index ? fault : f).ToList();

    private static PlannedFault Shortened(PlannedFault fault, double share) =>
        fault with { Plan = fault.Plan with { Duration = TimeSpan.FromMilliseconds(Math.Ceiling(fault.Plan.Duration.TotalMilliseconds * share)) } };
}
