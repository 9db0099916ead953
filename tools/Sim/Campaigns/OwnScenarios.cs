using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>
/// Scenarios of a user's own, in the assemblies that <c>SIM_SCENARIOS</c> names, separated by ':'. They are the public classes of
/// scenarios with a constructor without parameters, and the values of public static properties and fields of a scenario's type.
/// </summary>
internal static class OwnScenarios
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "SIM_SCENARIOS";

    /// <summary>Finds them: of each file first the classes, in ordinal order of their names, then the properties and fields, in that of theirs.</summary>
    /// <exception cref="UsageException">A file is missing, is no assembly or holds no scenario, one cannot be made, or two have one name.</exception>
    public static IReadOnlyList<Scenario> Load(string? files)
    {
        var found = (files ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).SelectMany(LoadFile).ToList();
        return found.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } same
            ? throw new UsageException($"{same.Count()} scenarios in the files that {Variable} names are called '{same.Key}': give each a name of its own.")
            : found;
    }

    private static List<Scenario> LoadFile(string file)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}, which {Variable} names: build it, or correct the variable.");
        try
        {
            var types = Assembly.LoadFrom(Path.GetFullPath(file)).GetExportedTypes().Where(t => !t.ContainsGenericParameters).OrderBy(t => t.FullName, StringComparer.Ordinal).ToList();
            var classes = types.Where(t => t.IsSubclassOf(typeof(Scenario)) && !t.IsAbstract && t.GetConstructor(Type.EmptyTypes) is not null).ToList();
            List<Scenario> scenarios = [.. classes.Select(Make), .. types.SelectMany(t => Members(t, classes))];
            return scenarios.Count > 0
                ? scenarios
                : throw new UsageException($"The file {file}, which {Variable} names, holds no scenario: neither a public class that can be made without parameters nor a public static property or field.");
        }
        catch (BadImageFormatException)
        {
            throw new UsageException($"The file {file}, which {Variable} names, is no assembly.");
        }
    }

    // A member whose type is a class that was found already is that scenario once more.
    private static IEnumerable<Scenario> Members(Type type, List<Type> classes)
    {
        const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        bool IsOne(Type t) => t.IsAssignableTo(typeof(Scenario)) && !classes.Contains(t);
        var properties = type.GetProperties(Static).Where(p => IsOne(p.PropertyType) && p.GetGetMethod() is not null).Select(p => (p.Name, Value: (Func<object?>)(() => p.GetValue(null))));
        var fields = type.GetFields(Static).Where(f => IsOne(f.FieldType)).Select(f => (f.Name, Value: (Func<object?>)(() => f.GetValue(null))));
        return properties.Concat(fields).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => Get($"{type.FullName}.{m.Name}", m.Value));
    }

    private static Scenario Make(Type type) => Get($"The constructor of {type.FullName}", () => Activator.CreateInstance(type));

    private static Scenario Get(string what, Func<object?> value)
    {
        try
        {
            return value() as Scenario ?? throw new UsageException($"{what}, which {Variable} leads to, is null: give it a scenario, or make it private.");
        }
        catch (TargetInvocationException e)
        {
            throw new UsageException($"{what}, which {Variable} leads to, gives no scenario: {e.InnerException!.Message}");
        }
    }
}
