using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Admission;

/// <summary>Writes the <c>request</c> of an AdmissionReview.</summary>
internal static class AdmissionRequests
{
    public static JsonObject Build(WriteAttempt attempt, ResourceType shown, UserInfo user, JsonObject? node, JsonObject? old)
    {
        var request = new JsonObject
        {
            ["uid"] = Guid.NewGuid().ToString(),
            ["kind"] = Kind(shown, attempt.Subresource),
            ["resource"] = Resource(shown),
        };
        if (attempt.Subresource.Length > 0)
            request["subResource"] = attempt.Subresource;
        request["requestKind"] = Kind(attempt.Type, attempt.Subresource);
        request["requestResource"] = Resource(attempt.Type);
        if (attempt.Subresource.Length > 0)
            request["requestSubResource"] = attempt.Subresource;
        if (attempt.Name.Length > 0)
            request["name"] = attempt.Name;
        var home = attempt.Type is { Kind: "Namespace", Group: "" } ? attempt.Name : attempt.Namespace;
        if (home.Length > 0)
            request["namespace"] = home;
        request["operation"] = attempt.Operation;
        request["userInfo"] = user.ToJson();
        request["object"] = Convert(node, attempt, attempt.Type, shown);
        request["oldObject"] = Convert(old, attempt, attempt.Type, shown);
        request["dryRun"] = attempt.Options.DryRun;
        request["options"] = Options(attempt);
        return request;
    }

    /// <summary>An object in another served version of its resource.</summary>
    public static JsonObject? Convert(JsonObject? node, WriteAttempt attempt, ResourceType from, ResourceType to)
    {
        if (node is null)
            return null;
        if (ReferenceEquals(from, to) || attempt.Subresource == "scale")
            return node.Copy();
        var stored = from.ToStorage(node.Copy());
        var converted = to.Conversion?.FromStorage(stored) ?? stored;
        converted["apiVersion"] = to.ApiVersion;
        converted["kind"] = to.Kind;
        return converted;
    }

    private static JsonObject Kind(ResourceType type, string subresource) =>
        subresource == "scale"
            ? Triple("autoscaling", "v1", "kind", "Scale")
            : Triple(type.Group, type.Version, "kind", type.Kind);

    private static JsonObject Resource(ResourceType type) => Triple(type.Group, type.Version, "resource", type.Plural);

    private static JsonObject Triple(string group, string version, string field, string value) =>
        new()
        {
            ["group"] = group,
            ["version"] = version,
            [field] = value,
        };

    private static JsonObject Options(WriteAttempt attempt)
    {
        var kind = attempt.Operation switch
        {
            "CREATE" => "CreateOptions",
            "UPDATE" => "UpdateOptions",
            _ => "DeleteOptions",
        };
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (attempt.Options.DryRun)
            options["dryRun"] = new JsonArray("All");
        if (attempt.Operation == "DELETE")
            return options;
        options["fieldManager"] = attempt.Options.Manager;
        options["fieldValidation"] = attempt.Options.FieldValidation;
        return options;
    }
}
