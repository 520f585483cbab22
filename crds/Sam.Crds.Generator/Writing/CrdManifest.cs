using System.Text.Json.Nodes;
using Sam.Crds.Generator.Reading;

namespace Sam.Crds.Generator.Writing;

/// <summary>The CustomResourceDefinition of a kind around its schema.</summary>
public static class CrdManifest
{
    /// <summary>Name of the manifest's file.</summary>
    public static string FileName(Kind kind) => $"{kind.Entity.Group}_{kind.Entity.PluralName}.yaml";

    /// <summary>The whole manifest as a tree.</summary>
    public static JsonObject Build(Kind kind, JsonObject schema) =>
        new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{kind.Entity.PluralName}.{kind.Entity.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Entity.Group,
                ["names"] = new JsonObject
                {
                    ["kind"] = kind.Name,
                    ["listKind"] = $"{kind.Name}List",
                    ["plural"] = kind.Entity.PluralName,
                    ["singular"] = kind.Name.ToLowerInvariant(),
                    ["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => (JsonNode)name)]),
                    ["categories"] = new JsonArray(Names.Category),
                },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(kind, schema)),
            },
        };

    private static JsonObject Version(Kind kind, JsonObject schema)
    {
        var version = new JsonObject
        {
            ["name"] = kind.Entity.ApiVersion,
            ["served"] = true,
            ["storage"] = true,
            ["subresources"] = Subresources(kind),
            ["additionalPrinterColumns"] = Columns(kind),
        };
        if (kind.SelectableFields is { Count: > 0 } paths)
            version["selectableFields"] = new JsonArray([.. paths.Select(path => new JsonObject { ["jsonPath"] = path })]);
        version["schema"] = new JsonObject { ["openAPIV3Schema"] = schema };
        return version;
    }

    private static JsonObject Subresources(Kind kind)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (kind.Scale is { } scale)
        {
            var node = new JsonObject { ["specReplicasPath"] = scale.SpecPath, ["statusReplicasPath"] = scale.StatusPath };
            if (scale.SelectorPath is { } selector)
                node["labelSelectorPath"] = selector;
            subresources["scale"] = node;
        }

        return subresources;
    }

    private static JsonArray Columns(Kind kind)
    {
        var columns = new JsonArray();
        foreach (var column in kind.Columns)
        {
            var node = new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["jsonPath"] = column.JsonPath,
            };
            if (column.Description is { } description)
                node["description"] = description;
            if (column.Wide)
                node["priority"] = 1;
            columns.Add(node);
        }

        columns.Add(
            new JsonObject
            {
                ["name"] = "Age",
                ["type"] = "date",
                ["jsonPath"] = ".metadata.creationTimestamp",
            }
        );
        return columns;
    }
}
