using System.Text.Json.Nodes;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>A CustomResourceDefinition to the resource types it serves.</summary>
internal static class DefinitionReader
{
    public static IReadOnlyList<ResourceType> Read(JsonObject definition)
    {
        var spec = definition.Object("spec")!;
        return [.. Versions(spec).Where(version => version.IsTrue("served")).Select(version => ReadVersion(spec, version))];
    }

    public static IEnumerable<JsonObject> Versions(JsonObject spec) => (spec.Array("versions") ?? []).OfType<JsonObject>();

    private static ResourceType ReadVersion(JsonObject spec, JsonObject version)
    {
        var names = spec.Object("names")!;
        var group = spec.Text("group")!;
        var name = version.Text("name")!;
        var plural = names.Text("plural")!;
        var document = version.At("schema", "openAPIV3Schema") is JsonObject given
            ? given.Copy()
            : new JsonObject { ["type"] = "object" };
        KeepRestrictions(document);
        var schema = SchemaReader.Read(document);
        var kind = names.Text("kind")!;
        var apiVersion = $"{group}/{name}";
        var subresources = version.Object("subresources");
        return new ResourceType
        {
            Group = group,
            Version = name,
            Kind = kind,
            ListKind = names.Text("listKind") ?? kind + "List",
            Plural = plural,
            Singular = names.Text("singular") ?? kind.ToLowerInvariant(),
            Namespaced = spec.Text("scope") == "Namespaced",
            ShortNames = [.. names.Child("shortNames").Strings()],
            Categories = [.. names.Child("categories").Strings()],
            HasStatus = subresources?.ContainsKey("status") == true,
            Scale = subresources.Object("scale") is { } scale
                ? new ScalePaths(
                    scale.Text("specReplicasPath")!,
                    scale.Text("statusReplicasPath")!,
                    scale.Text("labelSelectorPath")
                )
                : null,
            Schema = schema,
            Shelf = $"{plural}.{group}",
            StorageVersion = Versions(spec).FirstOrDefault(other => other.IsTrue("storage")).Text("name"),
            IsCustom = true,
            Columns = Columns(version),
            SelectableFields =
            [
                .. (version.Array("selectableFields") ?? []).Select(field => field.Text("jsonPath")!.TrimStart('.')),
            ],
            Strategy = new CustomStrategy(schema, subresources?.ContainsKey("status") == true, version),
            Conversion = new CustomConversion(apiVersion, schema),
            DeprecationWarning = version.IsTrue("deprecated")
                ? version.Text("deprecationWarning") ?? Deprecation(spec, name, kind)
                : null,
        };
    }

    // Names the best of the newer versions that are not deprecated themselves.
    private static string Deprecation(JsonObject spec, string version, string kind)
    {
        var group = spec.Text("group");
        var better = Versions(spec)
            .Where(other => other.IsTrue("served") && !other.IsTrue("deprecated"))
            .Select(other => other.Text("name")!)
            .Where(other => VersionOrder.Instance.Compare(other, version) > 0)
            .OrderDescending(VersionOrder.Instance)
            .FirstOrDefault();
        var text = $"{group}/{version} {kind} is deprecated";
        return better is null ? text : $"{text}; use {group}/{better} {kind}";
    }

    // metadata.name may be restricted by the schema; everything else of metadata is the server's.
    private static void KeepRestrictions(JsonObject document)
    {
        var restrictions = document.At("properties", "metadata", "properties") as JsonObject;
        ObjectMeta.Complete(document);
        foreach (var (name, restriction) in restrictions ?? [])
            document.Object("properties")!.Object("metadata")!.Object("properties")![name] = restriction?.DeepClone();
    }

    private static IReadOnlyList<PrinterColumn> Columns(JsonObject version)
    {
        const string nameHelp =
            "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
        var columns = new List<PrinterColumn> { new("Name", "string", ".metadata.name", "name", nameHelp) };
        if (version.Array("additionalPrinterColumns") is not { Count: > 0 } declared)
        {
            const string ageHelp =
                "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
            columns.Add(new PrinterColumn("Age", "date", ".metadata.creationTimestamp", "", ageHelp));
            return columns;
        }
        columns.AddRange(
            declared.Select(column => new PrinterColumn(
                column.Text("name")!,
                column.Text("type")!,
                column.Text("jsonPath")!,
                column.Text("format") ?? "",
                column.Text("description")
                    ?? $"Custom resource definition column (in JSONPath format): {column.Text("jsonPath")}",
                column.Child("priority").TryInteger(out var priority) ? (int)priority : 0
            ))
        );
        return columns;
    }
}
