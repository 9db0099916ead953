using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tests.House;

/// <summary>
/// No static that can change: it would outlive the crash of a node and join the runs of a process. A collection is
/// declared by a type that cannot change (immutable, frozen, or a read-only interface). It does not see what a static
/// object of a class of our own holds.
/// </summary>
internal static class MutableStaticsRule
{
    public static IEnumerable<string> Check(Assembly assembly) => assembly.GetTypes().SelectMany(Check);

    public static IEnumerable<string> Check(Type type)
    {
        // Caches of lambdas and method groups, data of array literals.
        if (IsGenerated(type))
            yield break;
        foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if (field.IsLiteral)
                continue;
            var name = $"{type.FullName}.{field.Name}";
            if (!field.IsInitOnly)
                yield return $"{name}: a static that can be set";
            else if (IsMutable(field.FieldType))
                yield return $"{name}: a static of a type that can change, {field.FieldType.Name}; declare it immutable, frozen or IReadOnly…";
        }
    }

    // Coverlet writes a counter class of its own into each assembly whose coverage is collected.
    private static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<') || type.Namespace?.StartsWith("Coverlet.Core.Instrumentation", StringComparison.Ordinal) == true || type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
        || type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is not null;

    private static bool IsMutable(Type type)
    {
        if (type.IsArray || type == typeof(StringBuilder) || type == typeof(BitArray) || typeof(System.IO.Stream).IsAssignableFrom(type))
            return true;
        var space = type.Namespace ?? "";
        if (space is "System.Collections.Immutable" or "System.Collections.Frozen" or "System.Collections.ObjectModel")
            return type.Name.Contains("Builder", StringComparison.Ordinal);
        return typeof(IList).IsAssignableFrom(type) || typeof(IDictionary).IsAssignableFrom(type)
            || type.GetInterfaces().Append(type).Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICollection<>))
            || (space == "System.Collections.Generic" && type.IsClass && typeof(IEnumerable).IsAssignableFrom(type));
    }
}
