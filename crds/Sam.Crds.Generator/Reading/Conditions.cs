using System.Reflection;
using Sam.Runtime.Conditions;

namespace Sam.Crds.Generator.Reading;

/// <summary>Finds the typed conditions: those of kinds in <c>XConditions.All</c>, those of the runtime by their shape.</summary>
public static class Conditions
{
    /// <summary>Conditions of a kind, in the order in which users read them.</summary>
    /// <exception cref="GenerationException">The kind declares none, or forgot one in its list.</exception>
    public static IReadOnlyList<ConditionType> Of(Kind kind)
    {
        var name = $"{kind.Type.FullName}Conditions";
        var declared = kind.Type.Assembly.GetType(name);
        if (declared?.GetField("All")?.GetValue(null) is not IReadOnlyList<ConditionType> all)
            throw new GenerationException([$"{kind.Name}: {name}.All does not list its conditions"]);
        var forgotten = declared
            .GetNestedTypes()
            .Select(Declared)
            .Where(type => type is not null && !all.Contains(type))
            .ToArray();
        if (forgotten.Length > 0)
            throw new GenerationException([.. forgotten.Select(type => $"{kind.Name}: {type} is not in {name}.All")]);
        return all;
    }

    /// <summary>Conditions that the runtime sets on every kind, in order of declaration.</summary>
    public static IReadOnlyList<ConditionType> OfRuntime() =>
        [.. Runtime.GetExportedTypes().OrderBy(type => type.MetadataToken).Select(Declared).OfType<ConditionType>()];

    /// <summary>Reasons that any condition can have while its step did not run or failed, with their meanings.</summary>
    public static IReadOnlyDictionary<string, string> FaultReasons() =>
        Runtime
            .GetExportedTypes()
            .Where(type => type.Namespace == typeof(ConditionType).Namespace)
            .Select(type => type.GetProperty("All", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<IReadOnlyDictionary<string, string>>()
            .FirstOrDefault()
        ?? new Dictionary<string, string>();

    private static Assembly Runtime => typeof(ConditionType).Assembly;

    private static ConditionType? Declared(Type type) =>
        type.GetField("Type", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ConditionType;
}
