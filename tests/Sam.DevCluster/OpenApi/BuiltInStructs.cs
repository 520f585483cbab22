using System.Text.Json.Nodes;

namespace Sam.DevCluster.OpenApi;

/// <summary>The fields of the server's own kinds, from the embedded list.</summary>
internal static class BuiltInStructs
{
    private const string Quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private const string IntOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

    private static readonly Lazy<IReadOnlyDictionary<string, StructField[]>> Listed = new(Load);

    private static readonly Lazy<ILookup<string, string>> ByShortName = new(() =>
        Listed.Value.Keys.ToLookup(name => name[(name.LastIndexOf('.') + 1)..], StringComparer.Ordinal)
    );

    /// <summary>The fields of a struct as they are listed; null when nobody described it.</summary>
    public static StructField[]? FieldsOf(string name) => Listed.Value.GetValueOrDefault(name);

    /// <summary>The fields of a struct as a schema; null when nobody described it.</summary>
    public static JsonObject? Find(string name, OpenApiForm form)
    {
        if (!Listed.Value.TryGetValue(name, out var fields))
            return null;
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)SchemaOf(field, name, form)))
            ),
        };
        var required = fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        return schema;
    }

    /// <summary>Adds all that a struct refers to, however far away.</summary>
    public static void AddReferred(JsonObject schemas, string name, OpenApiForm form)
    {
        foreach (var field in Listed.Value.GetValueOrDefault(name) ?? [])
        {
            var target = NameOf(field.Inner, name);
            if (target is null || schemas.ContainsKey(target))
                continue;
            schemas[target] = target switch
            {
                Quantity => Either("number", form),
                IntOrString => Either("integer", form),
                _ => Find(target, form),
            };
            AddReferred(schemas, target, form);
        }
    }

    private static JsonObject Either(string other, OpenApiForm form) =>
        form == OpenApiForm.Version2
            ? new JsonObject { ["type"] = "string" }
            : new JsonObject
            {
                ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = other }),
            };

    private static JsonObject SchemaOf(StructField field, string owner, OpenApiForm form)
    {
        var inner = Plain(field.Inner) ?? Reference(field.Inner, owner, form);
        var schema = field.Type switch
        {
            ['[', ']', ..] => new JsonObject { ["type"] = "array", ["items"] = inner },
            ['{', '}', ..] => new JsonObject { ["type"] = "object", ["additionalProperties"] = inner },
            _ => inner,
        };
        // In version 3 nothing may stand beside a reference.
        if (field.RetainsKeys && schema.ContainsKey("$ref") && form == OpenApiForm.Version3)
            schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        field.Annotate(schema);
        return schema;
    }

    private static JsonObject Reference(string type, string owner, OpenApiForm form) =>
        SchemaNames.Reference(
            type switch
            {
                "t" => SchemaNames.Shared("Time"),
                "ObjectMeta" => SchemaNames.Shared(type),
                _ => NameOf(type, owner)
                    ?? throw new InvalidOperationException($"{owner} refers to {type}, which is not described"),
            },
            form
        );

    private static JsonObject? Plain(string type) =>
        type switch
        {
            "" => new JsonObject { ["type"] = "string" },
            "i" => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            "l" => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            "n" => new JsonObject { ["type"] = "number", ["format"] = "double" },
            "b" => new JsonObject { ["type"] = "boolean" },
            "m" => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = "string" },
            },
            "*" => new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true },
            _ => null,
        };

    /// <summary>The full name of a struct that another one refers to.</summary>
    // Structs of the same version come first; names of others are unique.
    public static string? NameOf(string type, string owner) =>
        type switch
        {
            "q" => Quantity,
            "io" => IntOrString,
            _ when Listed.Value.ContainsKey(owner[..(owner.LastIndexOf('.') + 1)] + type) => owner[..(owner.LastIndexOf('.') + 1)]
                + type,
            _ => ByShortName.Value[type].FirstOrDefault(),
        };

    private static Dictionary<string, StructField[]> Load()
    {
        using var stream = typeof(BuiltInStructs).Assembly.GetManifestResourceStream("builtin-structs.txt")!;
        using var reader = new StreamReader(stream);
        var structs = new Dictionary<string, StructField[]>(StringComparer.Ordinal);
        var place = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                place = line[1..].Trim().Split('/') is [var package, var version] ? SchemaNames.Package(package, version) : "";
                continue;
            }
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            structs[place + words[0]] = [.. words[1..].Select(StructField.Parse)];
        }
        return structs;
    }
}
