using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Resources;

/// <summary>Reads the embedded table of built-in kinds.</summary>
internal static class BuiltInTypes
{
    private static readonly Lazy<IReadOnlyList<ResourceType>> Types = new(Load);

    public static IReadOnlyList<ResourceType> All => Types.Value;

    private static List<ResourceType> Load()
    {
        using var stream = typeof(BuiltInTypes).Assembly.GetManifestResourceStream("builtins.yaml")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. ((JsonArray)YamlReading.Parse(reader.ReadToEnd())!)
                .OfType<JsonObject>()
                .Where(entry => entry.ContainsKey("kind"))
                .Select(Read),
        ];
    }

    private static ResourceType Read(JsonObject entry)
    {
        var kind = entry.Text("kind")!;
        var group = entry.Text("group") ?? "";
        var version = entry.Text("version")!;
        var plural = entry.Text("plural")!;
        return new ResourceType
        {
            Group = group,
            Version = version,
            Kind = kind,
            ListKind = kind + "List",
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            Namespaced = !entry.IsTrue("cluster"),
            ShortNames = [.. entry.Child("short").Strings()],
            Categories = [.. entry.Child("categories").Strings()],
            HasStatus = entry.IsTrue("status"),
            Scale = entry.IsTrue("scale") ? new ScalePaths(".spec.replicas", ".status.replicas", null) : null,
            Shelf = entry.Text("shelf") ?? (group.Length == 0 ? plural : $"{plural}.{group}"),
            Schema = SchemaReader.Read(SchemaOf(entry)),
            Columns = BuiltInColumns.Of(kind),
            Strategy = StrategyOf(kind, group, entry),
            StorageVersion = entry.Text("storageVersion"),
            Conversion = (kind, group, version) switch
            {
                ("Event", "events.k8s.io", _) => new EventConversion(),
                ("HorizontalPodAutoscaler", _, "v1") => new AutoscalerConversion(),
                _ => null,
            },
        };
    }

    private static JsonObject SchemaOf(JsonObject entry)
    {
        JsonObject Loose(string text) =>
            new()
            {
                ["type"] = "object",
                ["description"] = text,
                ["x-kubernetes-preserve-unknown-fields"] = true,
                ["x-sam-struct"] = true,
            };
        var properties = entry.Object("schema")?.Copy() ?? [];
        if (entry.IsTrue("loose"))
        {
            properties["spec"] = Loose("What is wanted.");
            properties["status"] = Loose("What was observed.");
            if (entry.Object("spec") is { } whole)
                properties["spec"] = whole.DeepClone();
            if (entry.At("parts", "spec") is JsonObject parts)
                properties["spec"]!["properties"] = parts.DeepClone();
        }
        var schema = new JsonObject { ["type"] = "object", ["description"] = entry.Text("description") };
        if (entry.IsTrue("open"))
            schema["x-kubernetes-preserve-unknown-fields"] = true;
        schema["properties"] = properties;
        ObjectMeta.Complete(schema);
        return schema;
    }

    private static ResourceStrategy StrategyOf(string kind, string group, JsonObject entry) =>
        kind switch
        {
            "Namespace" => new NamespaceStrategy(),
            "ConfigMap" => new ConfigMapStrategy(),
            "Secret" => new SecretStrategy(),
            "Event" => new EventStrategy(isNew: group.Length > 0),
            "Lease" => new LeaseStrategy(),
            "Pod" => new PodStrategy(),
            "Service" => new ServiceStrategy(),
            "APIService" => new ApiServiceStrategy(),
            "CustomResourceDefinition" => new DefinitionStrategy(),
            "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration" => new WebhookStrategy(kind),
            "ServiceAccount" or "PersistentVolume" or "PersistentVolumeClaim" => new ObjectAnsweringStrategy(),
            _ when group == "rbac.authorization.k8s.io" => new RbacStrategy(kind),
            _ => entry.IsTrue("loose") && group is "apps" or "batch" or "networking.k8s.io" or "policy"
                ? new SpecStrategy()
                : ResourceStrategy.Plain,
        };
}
