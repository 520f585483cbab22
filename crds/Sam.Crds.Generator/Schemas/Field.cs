using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.Generator.Schemas;

/// <summary>One property of an API type with what its attributes say.</summary>
/// <param name="Property">The C# property.</param>
public sealed record Field(PropertyInfo Property)
{
    // Sam.Runtime knows no schema attributes (it would survive outside this repository), so what its types need stands here.
    private static readonly Dictionary<(Type Type, string Property), RuntimeField> RuntimeFields = new()
    {
        [(typeof(ConditionedStatus), nameof(ConditionedStatus.Conditions))] = new(["type"], 32, IsRequired: false),
        [(typeof(ConditionedStatus), nameof(ConditionedStatus.Steps))] = new(["name"], 64, IsRequired: false),
        [(typeof(StepStatus), nameof(StepStatus.Name))] = new([], null, IsRequired: true),
    };

    /// <summary>Name in JSON.</summary>
    public string JsonName { get; } =
        Property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

    /// <summary>Type without <c>Nullable</c>.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether it must be set.</summary>
    public bool IsRequired => Has<RequiredAttribute>() || Runtime?.IsRequired == true;

    /// <summary>The default that the server fills in, or null.</summary>
    public object? Default => Property.GetCustomAttribute<DefaultAttribute>()?.Value;

    /// <summary>Most entries of a list or map, or null.</summary>
    public int? MaxItems => Property.GetCustomAttribute<MaxItemsAttribute>()?.Maximum ?? Runtime?.MaxItems;

    /// <summary>Keys by which a list is merged; empty for other lists.</summary>
    public IReadOnlyList<string> ListKeys => Property.GetCustomAttribute<ListMapAttribute>()?.Keys ?? Runtime?.ListKeys ?? [];

    /// <summary>Whether a list holds no value twice.</summary>
    public bool IsSet => Has<ListSetAttribute>();

    /// <summary>Whether a list is replaced as a whole.</summary>
    public bool IsAtomic => Has<ListAtomicAttribute>();

    /// <summary>What to do instead of changing it, or null if it may change.</summary>
    public string? WayOutOfChange => Property.GetCustomAttribute<ImmutableAttribute>()?.WayOut;

    /// <summary>Bounds of a text's length, or null.</summary>
    public LengthAttribute? Length => Property.GetCustomAttribute<LengthAttribute>();

    /// <summary>Bounds of a number, or null.</summary>
    public BoundsAttribute? Bounds => Property.GetCustomAttribute<BoundsAttribute>();

    /// <summary>Pattern of a text, or null.</summary>
    public string? Pattern => Property.GetCustomAttribute<PatternAttribute>()?.Pattern;

    private RuntimeField? Runtime => RuntimeFields.GetValueOrDefault((Property.DeclaringType!, Property.Name));

    /// <summary>The fields of a type: its own in order of declaration, then those of its base.</summary>
    public static IReadOnlyList<Field> Of(Type type)
    {
        var fields = new List<Field>();
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            var own = level.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
            fields.AddRange(
                own.Where(property => property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                    .OrderBy(property => property.MetadataToken)
                    .Select(property => new Field(property))
            );
        }

        return fields;
    }

    /// <summary>What a list type holds, or null for other types.</summary>
    public static Type? ItemType(Type type) => Argument(type, typeof(IList<>), 0) ?? Argument(type, typeof(IReadOnlyList<>), 0);

    /// <summary>What a map from text holds, or null for other types.</summary>
    public static Type? MapValueType(Type type) =>
        Argument(type, typeof(IDictionary<,>), 0) == typeof(string) ? Argument(type, typeof(IDictionary<,>), 1) : null;

    private static Type? Argument(Type type, Type definition, int index) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type.GetGenericArguments()[index] : null;

    private bool Has<TAttribute>()
        where TAttribute : Attribute => Property.GetCustomAttribute<TAttribute>() is not null;

    private sealed record RuntimeField(string[] ListKeys, int? MaxItems, bool IsRequired);
}
