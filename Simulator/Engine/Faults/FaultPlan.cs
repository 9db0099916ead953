using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Simulator.Engine.Faults;

/// <summary>
/// A fault as it can stand in a file: where it strikes, how strongly and how long, with nothing left to chance. Values are texts of
/// the invariant culture, machines stand by name, spans in whole microseconds under a name that ends in <c>Micros</c>.
/// </summary>
/// <param name="Kind">The kind of the fault that made the plan and can carry it out.</param>
/// <param name="Duration">How long it lasts; zero for a fault of an instant. One that could last ends then in the instant in which it begins.</param>
/// <param name="Parameters">Everything else by name, in ordinal order of the names.</param>
public sealed record FaultPlan(string Kind, TimeSpan Duration, IReadOnlyDictionary<string, string> Parameters)
{
    private const string LinkArrow = ">";

    /// <summary>A plan with these parameters.</summary>
    public static FaultPlan Of(string kind, TimeSpan duration, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters) sorted.Add(name, value);
        return new FaultPlan(kind, duration, sorted);
    }

    /// <summary>A number as the value of a parameter.</summary>
    public static string Value(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A span as the value of a parameter, in whole microseconds.</summary>
    public static string Value(TimeSpan span) => Value((long)span.TotalMicroseconds);

    /// <summary>Machines as the value of a parameter.</summary>
    public static string Value(IEnumerable<SimMachine> machines) => string.Join(',', machines.Select(m => m.Name));

    /// <summary>Directions between machines as the value of a parameter: "a>b,b>c".</summary>
    public static string Value(IEnumerable<(SimMachine From, SimMachine To)> links) => string.Join(',', links.Select(l => l.From.Name + LinkArrow + l.To.Name));

    /// <summary>The text of a parameter.</summary>
    /// <exception cref="FaultPlanException">It is missing.</exception>
    public string Text(string name) =>
        Parameters.TryGetValue(name, out var value) ? value : throw new FaultPlanException($"A planned fault of kind '{Kind}' lacks its parameter '{name}'.");

    /// <summary>The number of a parameter.</summary>
    /// <exception cref="FaultPlanException">It is missing, no whole number, or out of range.</exception>
    public long Number(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        var text = Text(name);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) throw Misfit(name, text, "is no whole number");
        return number >= min && number <= max ? number : throw Misfit(name, text, $"must lie between {Value(min)} and {Value(max)}");
    }

    /// <summary>The span of a parameter that is written in microseconds.</summary>
    /// <exception cref="FaultPlanException">It is missing, no whole number, negative, or longer than a year.</exception>
    public TimeSpan Span(string name)
    {
        var micros = Number(name);
        return micros >= 0 && micros <= (long)LongestSpan.Value.TotalMicroseconds
            ? TimeSpan.FromMicroseconds(micros)
            : throw Misfit(name, Text(name), $"must be a number of microseconds from 0 to {LongestSpan.Words}");
    }

    /// <summary>The machine named by a parameter.</summary>
    /// <exception cref="FaultPlanException">It is missing or names no machine of the world.</exception>
    public SimMachine Machine(SimWorld world, string name = "machine") => Find(world, name, Text(name));

    /// <summary>The machines named by a parameter; may be none.</summary>
    /// <exception cref="FaultPlanException">It is missing or names a machine that the world does not have.</exception>
    public IReadOnlyList<SimMachine> Machines(SimWorld world, string name) => Items(name).Select(item => Find(world, name, item)).ToList();

    /// <summary>The directions named by a parameter; may be none.</summary>
    /// <exception cref="FaultPlanException">It is missing, malformed, or names a machine that the world does not have.</exception>
    public IReadOnlyList<(SimMachine From, SimMachine To)> Links(SimWorld world, string name)
    {
        var links = new List<(SimMachine, SimMachine)>();
        foreach (var item in Items(name))
        {
            if (item.Split(LinkArrow) is not [var from, var to]) throw Misfit(name, item, "is not of the form 'from>to'");
            links.Add((Find(world, name, from), Find(world, name, to)));
        }

        return links;
    }

    /// <summary>Plans are equal if all they say is.</summary>
    public bool Equals(FaultPlan? other) =>
        other is not null && Kind == other.Kind && Duration == other.Duration && Parameters.Count == other.Parameters.Count
        && Parameters.All(p => other.Parameters.TryGetValue(p.Key, out var value) && value == p.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => (Duration.GetHashCode() * 31) + Parameters.Count;

    /// <summary>"kind name=value … for 1.5 s".</summary>
    public override string ToString()
    {
        var text = string.Join(' ', Parameters.Select(p => $"{p.Key}={p.Value}").Prepend(Kind));
        return Duration > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{text} for {Duration.TotalSeconds} s") : text;
    }

    private string[] Items(string name) => Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries);

    private SimMachine Find(SimWorld world, string parameter, string machine) =>
        world.FindMachine(machine) ?? throw Misfit(parameter, machine, "names no machine of this world");

    private FaultPlanException Misfit(string name, string value, string problem) =>
        new($"A planned fault of kind '{Kind}' does not fit: its parameter '{name}' with '{value}' {problem}.");
}

/// <summary>A fault at an instant of a run.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Plan">The fault.</param>
public sealed record PlannedFault(TimeSpan At, FaultPlan Plan);
