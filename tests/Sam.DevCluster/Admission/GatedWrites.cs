using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Admission;

/// <summary>Shows a write to the gate in the form that admission expects.</summary>
internal static class GatedWrites
{
    // Set by the server only after mutating admission.
    private static readonly string[] Later = ["uid", "creationTimestamp", "generation"];

    public static JsonObject Create(
        ResourceType type,
        string @namespace,
        JsonObject body,
        bool hasGeneratedName,
        WriteOptions options
    )
    {
        if (options.Gate is null)
            return body;
        var metadata = body.Metadata();
        var kept = Later.ToDictionary(field => field, field => metadata.Child(field)?.DeepClone());
        var name = body.Name();
        foreach (var field in Later)
            metadata.Remove(field);
        if (hasGeneratedName)
            metadata.Remove("name");
        var attempt = new WriteAttempt("CREATE", type, @namespace, hasGeneratedName ? "" : name, "", options);
        var mutated = options.Gate.Mutate(attempt, body, null)!;
        if (!ReferenceEquals(mutated, body))
            Settle(type, mutated, null, options);
        metadata = mutated.Metadata();
        if (mutated.Name().Length == 0)
            metadata["name"] = name;
        foreach (var (field, value) in kept.Where(pair => pair.Value is not null))
            metadata[field] = value;
        return mutated;
    }

    public static JsonObject Update(
        ResourceType type,
        string @namespace,
        string subresource,
        JsonObject node,
        JsonObject old,
        WriteOptions options
    )
    {
        if (options.Gate is null)
            return node;
        var attempt = new WriteAttempt("UPDATE", type, @namespace, old.Name(), subresource, options);
        var shown = Shown(type, subresource, node);
        var mutated = options.Gate.Mutate(attempt, shown, Shown(type, subresource, old))!;
        if (ReferenceEquals(mutated, shown))
            return node;
        if (subresource == "scale")
            return ScaleView.Write(type, node, mutated);
        Settle(type, mutated, old, options);
        return mutated;
    }

    public static void Validate(
        ResourceType type,
        string @namespace,
        string subresource,
        JsonObject node,
        JsonObject? old,
        WriteOptions options
    ) =>
        options.Gate?.Validate(
            new WriteAttempt(old is null ? "CREATE" : "UPDATE", type, @namespace, node.Name(), subresource, options),
            Shown(type, subresource, node),
            old is null ? null : Shown(type, subresource, old)
        );

    public static void Delete(ResourceType type, string @namespace, JsonObject old, WriteOptions options)
    {
        if (options.Gate is null)
            return;
        var attempt = new WriteAttempt("DELETE", type, @namespace, old.Name(), "", options);
        options.Gate.Mutate(attempt, null, old);
        options.Gate.Validate(attempt, null, old);
    }

    private static JsonObject Shown(ResourceType type, string subresource, JsonObject node) =>
        subresource == "scale" ? ScaleView.Read(type, node) : node;

    // What a webhook adds is pruned and defaulted like what a client sends.
    private static void Settle(ResourceType type, JsonObject node, JsonObject? old, WriteOptions options)
    {
        node["apiVersion"] = type.ApiVersion;
        node["kind"] = type.Kind;
        FieldValidation.Apply(node, type, options with { FieldValidation = "Ignore" });
        type.Strategy.Prepare(node, old);
    }
}
