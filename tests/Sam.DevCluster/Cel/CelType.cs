using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>A static type; <c>dyn</c> is one that is known only when the rule runs.</summary>
internal sealed record CelType(string Name, CelType? Value = null, JsonObject? Schema = null)
{
    public static readonly CelType Dyn = new("dyn");
    public static readonly CelType Bool = new("bool");
    public static readonly CelType Int = new("int");
    public static readonly CelType Double = new("double");
    public static readonly CelType Text = new("string");

    private static readonly HashSet<string> Keywords =
    [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];

    public bool IsDyn => Name is "dyn" or "null_type";

    public static CelType List(CelType item) => new("list", item);

    /// <summary>The type of a value that fits a schema.</summary>
    public static CelType Of(JsonObject? schema)
    {
        if (schema is null || schema.IsTrue("x-kubernetes-int-or-string"))
            return Dyn;
        return schema.Text("type") switch
        {
            "boolean" => Bool,
            "integer" => Int,
            "number" => Double,
            "string" => schema.Text("format") switch
            {
                "duration" => new CelType("duration"),
                "date-time" or "date" => new CelType("timestamp"),
                _ => Text,
            },
            "array" => List(Of(schema.Object("items"))),
            "object" when schema.Object("additionalProperties") is { } values => new CelType("map", Of(values)),
            "object" when schema.IsTrue("additionalProperties") => new CelType("map", Dyn),
            "object" => new CelType("object", null, schema),
            _ => Dyn,
        };
    }

    /// <summary>The type of a field; null when there is none.</summary>
    public CelType? Field(string name)
    {
        if (IsDyn)
            return Dyn;
        if (Name == "map")
            return Value;
        return Schema?.Object("properties")?.FirstOrDefault(pair => Escape(pair.Key) == name) is { Key: not null } found
            ? Of(found.Value as JsonObject)
            : null;
    }

    public bool Fits(CelType other)
    {
        if (IsDyn || other.IsDyn)
            return true;
        return Name == other.Name && (Value is null || other.Value is null || Value.Fits(other.Value));
    }

    /// <summary>The name as CEL prints it.</summary>
    public override string ToString() =>
        Name switch
        {
            "list" => $"list({Value})",
            "map" => $"map(string, {Value})",
            _ => Name,
        };

    /// <summary>How a property is written in a rule when its name is no identifier.</summary>
    public static string Escape(string name) =>
        Keywords.Contains(name)
            ? $"__{name}__"
            : name.Replace("__", "__underscores__").Replace(".", "__dot__").Replace("-", "__dash__").Replace("/", "__slash__");

    public static string Unescape(string name)
    {
        if (!name.Contains("__", StringComparison.Ordinal))
            return name;
        if (name.Length > 4 && name.StartsWith("__", StringComparison.Ordinal) && Keywords.Contains(name[2..^2]))
            return name[2..^2];
        return name.Replace("__dot__", ".").Replace("__dash__", "-").Replace("__slash__", "/").Replace("__underscores__", "__");
    }
}
