using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Unit.Tests.HouseRules;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sam.Unit.Tests.Crds;

/// <summary>Manifests and samples as they lie on disk, read as trees.</summary>
internal static class CrdFiles
{
    public static DirectoryInfo Manifests { get; } = new(Path.Combine(SourceTree.Root, "crds", "manifests"));

    public static DirectoryInfo Samples { get; } = new(Path.Combine(SourceTree.Root, "crds", "samples"));

    public static TheoryData<string> ManifestNames => [.. Manifests.GetFiles("*.yaml").Select(file => file.Name).Order()];

    public static TheoryData<string> SampleNames => [.. Samples.GetFiles("*.yaml").Select(file => file.Name).Order()];

    public static JsonObject Manifest(string name) => Documents(Path.Combine(Manifests.FullName, name)).Single();

    public static JsonObject SchemaOf(JsonObject manifest) =>
        (JsonObject)manifest["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;

    public static IReadOnlyList<JsonObject> Documents(string path)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(path);
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (JsonObject)Tree(document.RootNode)!)];
    }

    /// <summary>Every property below a schema with its path.</summary>
    public static IEnumerable<(string Path, JsonObject Node)> Fields(JsonObject schema, string path)
    {
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            yield return ($"{path}.{name}", (JsonObject)child!);
            foreach (var below in Fields((JsonObject)child!, $"{path}.{name}"))
                yield return below;
        }

        if (schema["items"] is JsonObject items)
        {
            foreach (var below in Fields(items, $"{path}[]"))
                yield return below;
        }
    }

    private static JsonNode? Tree(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Tree(pair.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Select(Tree)]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
            YamlScalarNode quoted => quoted.Value,
            _ => throw new NotSupportedException($"{node.GetType().Name} in a manifest"),
        };

    private static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => real,
            _ => text,
        };
}
