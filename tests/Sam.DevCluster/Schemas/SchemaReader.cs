using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>OpenAPI v3 schema documents to <see cref="Schema"/>.</summary>
internal static class SchemaReader
{
    public static Schema Read(JsonNode? document)
    {
        if (document is not JsonObject source)
            return Schema.Anything;
        var pattern = source.Text("pattern");
        return new Schema
        {
            Source = source,
            Type = source.Text("type"),
            Format = source.Text("format"),
            Nullable = source.IsTrue("nullable"),
            Default = source.Child("default"),
            Properties = source.Object("properties") is { } properties
                ? properties.ToDictionary(pair => pair.Key, pair => Read(pair.Value))
                : new Dictionary<string, Schema>(),
            Items = source.Object("items") is { } items ? Read(items) : null,
            Values =
                source.Object("additionalProperties") is { } values ? Read(values)
                : source.IsTrue("additionalProperties") ? Schema.Anything
                : null,
            Required = [.. source.Child("required").Strings()],
            Enum = source.Array("enum") is { } options ? [.. options] : null,
            Minimum = Number(source, "minimum"),
            Maximum = Number(source, "maximum"),
            ExclusiveMinimum = source.IsTrue("exclusiveMinimum"),
            ExclusiveMaximum = source.IsTrue("exclusiveMaximum"),
            MultipleOf = Number(source, "multipleOf"),
            MinLength = Whole(source, "minLength"),
            MaxLength = Whole(source, "maxLength"),
            MinItems = Whole(source, "minItems"),
            MaxItems = Whole(source, "maxItems"),
            MinProperties = Whole(source, "minProperties"),
            MaxProperties = Whole(source, "maxProperties"),
            PatternText = pattern,
            Pattern = pattern is null ? null : Compile(pattern),
            AllOf = Many(source, "allOf"),
            AnyOf = Many(source, "anyOf"),
            OneOf = Many(source, "oneOf"),
            Not = source.Object("not") is { } not ? Read(not) : null,
            PreserveUnknown = source.IsTrue("x-kubernetes-preserve-unknown-fields"),
            IntOrString = source.IsTrue("x-kubernetes-int-or-string"),
            EmbeddedResource = source.IsTrue("x-kubernetes-embedded-resource"),
            ListType = source.Text("x-kubernetes-list-type"),
            ListMapKeys = [.. source.Child("x-kubernetes-list-map-keys").Strings()],
            MapType = source.Text("x-kubernetes-map-type"),
            PatchMergeKey = source.Text("x-kubernetes-patch-merge-key"),
            IsStruct = source.IsTrue("x-sam-struct"),
            PatchStrategy = source.Text("x-kubernetes-patch-strategy"),
            Rules = source.Array("x-kubernetes-validations") is { } rules
                ? [.. rules.OfType<JsonObject>().Select(rule => CelRule.Read(rule, CelType.Of(source)))]
                : [],
        };
    }

    // NonBacktracking refuses what RE2 refuses: look-around and back references.
    public static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern.Replace("\\z", "$"), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static List<Schema> Many(JsonObject source, string name) =>
        source.Array(name) is { } list ? [.. list.Select(Read)] : [];

    private static double? Number(JsonObject source, string name) => source.Child(name).TryNumber(out var value) ? value : null;

    private static long? Whole(JsonObject source, string name) => source.Child(name).TryInteger(out var value) ? value : null;
}
