using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Stepping;

/// <summary>
/// A run that can be gone through forwards and backwards: a pass to its end leaves checkpoints, and any moment is reached by running on
/// from a copy of the last checkpoint before it.
/// </summary>
internal sealed class SteppedRun
{
    /// <summary>Places that the simulation's process has to make: for the checkpoints, the end and whoever goes there.</summary>
    public const int Places = MostCheckpoints + 6;

    private const int MostCheckpoints = 32;
    private const long FirstSpacing = 2048;
    private const int TraceKept = 1000;
    private const int Warmed = 4;
    private const int LinesToWarm = 10;
    private readonly SimulationProcess _process;
    private readonly Queue<int> _free = new(Enumerable.Range(1, Places - 1));
    private readonly Checkpoints _checkpoints;
    private readonly bool _passedAtFirst;
    private readonly long _firstEnd;
    private Place _end;
    private RunPoint _moment;
    private Visit? _visit;
    private string? _heeded;

    /// <summary>Takes the run of that process to its end, and stands there.</summary>
    /// <param name="process">The simulation's process.</param>
    /// <param name="progress">Told now and then how far the run has come.</param>
    /// <exception cref="UsageException">The run could not be prepared.</exception>
    public SteppedRun(SimulationProcess process, Action<Reply>? progress = null)
    {
        _process = process;
        Progress = progress ?? (_ => { });
        Here = End = process.Begin();
        var beginning = new Checkpoint(new Place(0, Here.Process), 0, 0);
        _checkpoints = new Checkpoints(beginning, MostCheckpoints, FirstSpacing);
        Pass(Copy(beginning.Place));
        (_firstEnd, _passedAtFirst) = (End.Event, Failure is null);
    }

    /// <summary>How many checkpoints there are.</summary>
    public int CheckpointCount => _checkpoints.Count;

    /// <summary>Events from one checkpoint to the next.</summary>
    public long Spacing => _checkpoints.Spacing;

    /// <summary>The run's end.</summary>
    public Reply End { get; private set; }

    /// <summary>The property that failed at the end, and how; null if all held.</summary>
    public (string Property, string Message)? Failure { get; private set; }

    /// <summary>Where one stands now.</summary>
    public Reply Here { get; private set; }

    private Action<Reply> Progress { get; }

    private Place Standing => _visit?.Place ?? _end;

    /// <summary>Goes to a moment; <c>default</c> is the end, event 0 the beginning.</summary>
    /// <exception cref="UsageException">The run has no such moment.</exception>
    public void Go(RunPoint moment)
    {
        if (moment.Event > End.Event || moment.Micros > End.Micros)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"There is nothing there: the run ends after event #{End.Event}, at {End.Micros / 1e6:F6} s."));
        if (moment == default) StandAtEnd();
        else if (_visit is not null && LiesAhead(moment) && _checkpoints.LastBefore(moment).Event <= Here.Event) MoveOn(moment);
        else Visit(moment, 0, TraceKept);
    }

    /// <summary>Goes to the first violation of a property, or to the end if there is none. Whatever else fails does not end the run any more.</summary>
    /// <returns>Whether it is violated.</returns>
    /// <exception cref="UsageException">The run has no such property.</exception>
    public bool Break(string property)
    {
        if (Failure?.Property == property)
        {
            StandAtEnd();
            return true;
        }

        var runner = Copy(_checkpoints.LastBefore(new RunPoint(null, _firstEnd)).Place);
        try
        {
            _process.Ask(runner, Order.Heed(property));
        }
        catch (UsageException)
        {
            Dismiss(runner);
            throw;
        }

        if (_passedAtFirst)
        {
            Dismiss(runner);
            StandAtEnd();
            return false;
        }

        _heeded = property;
        foreach (var beyond in _checkpoints.CutAt(_firstEnd)) Dismiss(beyond.Place);
        Dismiss(_end);
        Pass(runner);
        return Failure is not null;
    }

    /// <summary>What one sees here: the printed answer to an order.</summary>
    public string See(string order) => _process.Ask(Standing, order).Text;

    /// <summary>The last lines of the trace, at most <paramref name="count"/>, that were written after an event.</summary>
    public string Trace(int count, long since = -1)
    {
        for (var earlier = 0; ; earlier = (earlier * 2) + 1)
        {
            if (_visit is { } visit && (visit.Kept >= count || visit.TracedSince <= since))
            {
                var answer = See(Order.Lines(count, since)).Split('\n', 2);
                if (long.Parse(answer[0], CultureInfo.InvariantCulture) >= count || visit.TracedSince <= Math.Max(0, since)) return answer[1];
            }

            Visit(_moment, earlier, Math.Max(count, TraceKept));
        }
    }

    private bool LiesAhead(RunPoint moment) => Here.Kind == ReplyKind.Paused && (Here.Event < moment.Event || Here.Micros < moment.Micros);

    private void MoveOn(RunPoint moment)
    {
        Here = _process.Ask(Standing, Order.Run(moment));
        _moment = moment;
    }

    private void Visit(RunPoint moment, int earlier, int traceKept)
    {
        var from = _checkpoints.LastBefore(moment, earlier);
        EndVisit();
        _visit = new Visit(Copy(from.Place), from.Event, traceKept);
        if (_heeded is { } property && from.Event < _firstEnd) _process.Ask(Standing, Order.Heed(property)); // it was left before anybody asked for a break
        Here = _process.Ask(Standing, Order.Trace(traceKept));
        if (moment.Event != 0) MoveOn(moment);
        else _moment = moment;
    }

    private void StandAtEnd()
    {
        EndVisit();
        (Here, _moment) = (End, default);
    }

    private void EndVisit()
    {
        if (_visit is { } visit) Dismiss(visit.Place);
        _visit = null;
    }

    private void Pass(Place runner)
    {
        Reply at;
        while ((at = _process.Ask(runner, Order.Run(new RunPoint(null, _checkpoints.NextEvent)))).Kind == ReplyKind.Paused)
        {
            foreach (var gone in _checkpoints.Add(new Checkpoint(Copy(runner), at.Event, at.Micros))) Dismiss(gone.Place);
            if (_checkpoints.Count == Warmed) WarmUp(runner);
            Progress(at);
        }

        (_end, End) = (runner, at);
        var verdict = _process.Ask(runner, Order.Verdict).Text.Split('\n', 2);
        Failure = verdict.Length == 2 ? (verdict[0], verdict[1]) : null;
        StandAtEnd();
    }

    // What visits will do is done once where all later copies come from: so it is compiled already in them. Part of the way is traced.
    private void WarmUp(Place runner)
    {
        foreach (var order in new[] { Order.Trace(TraceKept), Order.Run(new RunPoint(null, _checkpoints.NextEvent - 1)), Order.Lines(LinesToWarm, 0), Order.Dump, Order.Result, Order.Trace(0) }) _process.Ask(runner, order);
    }

    private Place Copy(Place original) => _process.Copy(original, _free.Dequeue());

    private void Dismiss(Place place)
    {
        _process.Ask(place, Order.Quit);
        _free.Enqueue(place.Number);
    }
}

/// <summary>The process that stands where one has gone.</summary>
/// <param name="Place">Where it is called from.</param>
/// <param name="TracedSince">The event after which it began to keep its trace.</param>
/// <param name="Kept">How many lines it keeps.</param>
internal sealed record Visit(Place Place, long TracedSince, int Kept);
