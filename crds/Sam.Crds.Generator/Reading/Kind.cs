using System.Reflection;
using k8s.Models;
using Sam.Crds.Schema;

namespace Sam.Crds.Generator.Reading;

/// <summary>A kind of the API: its C# type and what its attributes say.</summary>
/// <param name="Type">The resource class.</param>
/// <param name="Entity">Group, version, kind and plural.</param>
public sealed record Kind(Type Type, KubernetesEntityAttribute Entity)
{
    /// <summary>The kind's name.</summary>
    public string Name => Entity.Kind;

    /// <summary>The type of <c>spec</c>.</summary>
    public Type Spec => Type.GetProperty("Spec")!.PropertyType;

    /// <summary>The type of <c>status</c>.</summary>
    public Type Status => Type.GetProperty("Status")!.PropertyType;

    /// <summary>Short names for kubectl.</summary>
    public IReadOnlyList<string> ShortNames => Type.GetCustomAttribute<ShortNamesAttribute>()?.Names ?? [];

    /// <summary>Columns of <c>kubectl get</c>, in order of declaration.</summary>
    public IReadOnlyList<PrinterColumnAttribute> Columns => [.. Type.GetCustomAttributes<PrinterColumnAttribute>()];

    /// <summary>Paths that a field selector may name, in order of declaration.</summary>
    public IReadOnlyList<string> SelectableFields =>
        [.. Type.GetCustomAttributes<SelectableFieldAttribute>().Select(selectable => selectable.JsonPath)];

    /// <summary>The <c>scale</c> subresource, or null.</summary>
    public ScaleAttribute? Scale => Type.GetCustomAttribute<ScaleAttribute>();

    /// <summary>Every kind of an assembly, by name.</summary>
    public static IReadOnlyList<Kind> In(Assembly assembly) =>
        [
            .. assembly
                .GetExportedTypes()
                .Select(type => (type, entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
                .Where(pair => pair.entity is not null)
                .Select(pair => new Kind(pair.type, pair.entity!))
                .OrderBy(kind => kind.Name, StringComparer.Ordinal),
        ];
}
