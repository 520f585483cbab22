using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Resources;

/// <summary>One served version of one resource: names, schema, columns and the rules of its kind.</summary>
internal sealed record ResourceType
{
    private static readonly byte[] OpenBrace = "{"u8.ToArray();

    private byte[]? _head;

    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string Singular { get; init; } = "";

    public bool Namespaced { get; init; } = true;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool HasStatus { get; init; }

    public ScalePaths? Scale { get; init; }

    public required Schema Schema { get; init; }

    /// <summary>Where the objects lie: served versions and groups of one resource share it.</summary>
    public required string Shelf { get; init; }

    /// <summary>The version in which objects are kept; null when it is this one.</summary>
    public string? StorageVersion { get; init; }

    /// <summary>The verbs of what is answered and never stored; null for what is stored.</summary>
    public IReadOnlyList<string>? Verbs { get; init; }

    public bool IsCustom { get; init; }

    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    public ResourceStrategy Strategy { get; init; } = ResourceStrategy.Plain;

    public IVersionConversion? Conversion { get; init; }

    public string ListKind { get; init; } = "";

    public string? DeprecationWarning { get; init; }

    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The bytes of an object in this version; the stored ones where nothing is to change.</summary>
    public byte[] Encode(StoredObject stored) => Conversion is null ? stored.Json : stored.View(this, Conversion.FromStorage);

    /// <summary>Adds an object as an item of a list, where built-in kinds do not name their type again.</summary>
    public void AddItem(List<ReadOnlyMemory<byte>> pieces, StoredObject stored)
    {
        var bytes = Encode(stored);
        _head ??= System.Text.Encoding.UTF8.GetBytes($"{{\"kind\":\"{Kind}\",\"apiVersion\":\"{ApiVersion}\",");
        if (IsCustom || !bytes.AsSpan().StartsWith(_head))
        {
            pieces.Add(bytes);
            return;
        }
        pieces.Add(OpenBrace);
        pieces.Add(bytes.AsMemory(_head.Length));
    }

    public JsonObject Read(StoredObject stored) => Conversion is null ? stored.Read() : JsonReading.ParseObject(Encode(stored));

    public JsonObject ToStorage(JsonObject node) => TypeFirst(Conversion is null ? node : Conversion.ToStorage(node));

    private static JsonObject TypeFirst(JsonObject node)
    {
        foreach (var name in new[] { "kind", "apiVersion" })
        {
            var value = node[name]?.DeepClone();
            node.Remove(name);
            node.Insert(0, name, value);
        }
        return node;
    }
}

/// <summary>The JSON paths of a scale subresource.</summary>
internal sealed record ScalePaths(string Spec, string Status, string? Selector);

/// <summary>Between the stored form and one served version.</summary>
internal interface IVersionConversion
{
    JsonObject FromStorage(JsonObject node);

    JsonObject ToStorage(JsonObject node);
}

/// <summary>One column of a server-side table.</summary>
internal sealed record PrinterColumn(
    string Name,
    string Type,
    string Path,
    string Format = "",
    string Description = "",
    int Priority = 0
);
