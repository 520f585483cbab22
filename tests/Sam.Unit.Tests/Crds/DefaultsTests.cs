using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Crds;
using Sam.Crds.Generator.Schemas;
using Sam.Crds.Schema;
using Sam.Crds.V1Alpha1;

namespace Sam.Unit.Tests.Crds;

public sealed class DefaultsTests
{
    private static readonly IReadOnlyList<(Type Type, Field Field)> Fields =
    [
        .. typeof(Machine)
            .Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.Namespace == typeof(Machine).Namespace)
            .Where(type => type.GetConstructor(Type.EmptyTypes) is not null)
            .SelectMany(type => Field.Of(type).Select(field => (type, field))),
    ];

    [Fact]
    public void A_new_object_in_CSharp_has_the_defaults_of_the_schema()
    {
        var different =
            from pair in Fields
            where pair.Field.Default is not null
            let value = pair.Field.Property.GetValue(Activator.CreateInstance(pair.Type))
            where Text(value) != Schema(pair.Field)
            select $"{pair.Type.Name}.{pair.Field.Property.Name}: {Text(value)} in C#, {Schema(pair.Field)} in the schema";

        Assert.Empty(different);
    }

    [Fact]
    public void What_users_may_leave_out_and_cannot_be_null_has_a_default()
    {
        var silent =
            from pair in Fields
            where pair.Type.Name.EndsWith("Spec", StringComparison.Ordinal)
            where
                pair.Field.Property.PropertyType.IsValueType
                && Nullable.GetUnderlyingType(pair.Field.Property.PropertyType) is null
            where !pair.Field.IsRequired && pair.Field.Default is null
            select $"{pair.Type.Name}.{pair.Field.Property.Name}";

        Assert.Empty(silent);
    }

    [Fact]
    public void Defaults_are_found_at_all()
    {
        Assert.Contains(Fields, pair => pair.Field.Property.GetCustomAttribute<DefaultAttribute>() is not null);
    }

    private static string Text(object? value) =>
        value switch
        {
            Duration or Enum or string => value.ToString()!,
            _ => k8s.KubernetesJson.Serialize(value!),
        };

    private static string Schema(Field field) =>
        field.Default switch
        {
            string text when Field.ItemType(field.Type) is not null => JsonNode.Parse(text)!.ToJsonString(),
            string text => text,
            var value => JsonSerializer.Serialize(value),
        };
}
