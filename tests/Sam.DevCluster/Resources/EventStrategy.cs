using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>Events, stored in the core form and served in both groups.</summary>
internal sealed class EventStrategy(bool isNew) : ResourceStrategy
{
    private static readonly (string Name, string Shown)[] Immutable =
    [
        ("regarding", "involvedObject"),
        ("reason", "reason"),
        ("note", "message"),
        ("type", "type"),
        ("action", "action"),
        ("reportingController", "reportingComponent"),
        ("reportingInstance", "reportingInstance"),
        ("eventTime", "eventTime"),
    ];

    /// <summary>Fields that the real server's type always writes.</summary>
    public override void Prepare(JsonObject node, JsonObject? old)
    {
        node["eventTime"] ??= null;
        node[isNew ? "deprecatedSource" : "source"] ??= new JsonObject();
        node[isNew ? "deprecatedFirstTimestamp" : "firstTimestamp"] ??= null;
        node[isNew ? "deprecatedLastTimestamp" : "lastTimestamp"] ??= null;
        if (isNew)
            return;
        node["reportingComponent"] ??= "";
        node["reportingInstance"] ??= "";
    }

    /// <summary>None of them is anybody's until it says something.</summary>
    public override JsonObject Blank
    {
        get
        {
            var blank = new JsonObject();
            Prepare(blank, null);
            return blank;
        }
    }

    public override string ErrorGroup => "";

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old)
    {
        if (isNew && old is not null)
            foreach (var (name, shown) in Immutable.Where(pair => !JsonAccess.Same(old.Child(pair.Name), node.Child(pair.Name))))
                yield return FieldError.Invalid(shown, node.Child(name), "field is immutable");
        var reference = isNew ? "regarding" : "involvedObject";
        var objectNamespace = node.At(reference, "namespace").Text() ?? "";
        if (objectNamespace.Length > 0 && objectNamespace != node.Namespace())
            yield return FieldError.Invalid(
                "involvedObject.namespace",
                JsonValue.Create(objectNamespace),
                "does not match event.namespace"
            );
        if (objectNamespace.Length == 0 && node.Namespace() is not ("default" or "kube-system"))
            yield return FieldError.Invalid("involvedObject.namespace", JsonValue.Create(""), "does not match event.namespace");
        if (!isNew || old is not null)
            yield break;
        foreach (var name in new[] { "eventTime", "reportingController", "reportingInstance", "action", "reason" })
        {
            if (string.IsNullOrEmpty(node.Text(name)))
                yield return FieldError.Required(name);
            if (name == "reportingController")
                foreach (var problem in Names.QualifiedName(node.Text(name) ?? ""))
                    yield return FieldError.Invalid(name, JsonValue.Create(node.Text(name) ?? ""), problem);
        }
        if (node.Text("type") is not ("Normal" or "Warning"))
            yield return FieldError.Invalid("type", JsonValue.Create(""), $"has invalid value: {node.Text("type")}");
        if (node.Text("note") is { Length: > 1024 })
            yield return FieldError.Invalid("message", JsonValue.Create(""), "can have at most 1024 characters");
    }

    public override bool HasOwnSelectors => true;

    public override string? Select(JsonObject node, string field)
    {
        if (
            field.StartsWith("involvedObject.", StringComparison.Ordinal)
            || field.StartsWith("regarding.", StringComparison.Ordinal)
        )
        {
            var name = field[(field.IndexOf('.') + 1)..];
            return name is "kind" or "namespace" or "name" or "uid" or "apiVersion" or "resourceVersion" or "fieldPath"
                ? (node.Object("involvedObject") ?? node.Object("regarding")).Text(name) ?? ""
                : null;
        }
        return field switch
        {
            "reason" or "type" or "reportingComponent" => node.Text(field) ?? "",
            "source" => node.At("source", "component").Text() ?? "",
            _ => base.Select(node, field),
        };
    }
}

/// <summary>events.k8s.io/v1 over the core form.</summary>
internal sealed class EventConversion : IVersionConversion
{
    private static readonly (string New, string Core)[] Renamed =
    [
        ("regarding", "involvedObject"),
        ("note", "message"),
        ("reportingController", "reportingComponent"),
        ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
    ];

    public JsonObject FromStorage(JsonObject node) => Rename(node, "events.k8s.io/v1", toCore: false);

    public JsonObject ToStorage(JsonObject node) => Rename(node, "v1", toCore: true);

    private static JsonObject Rename(JsonObject node, string apiVersion, bool toCore)
    {
        var result = new JsonObject();
        foreach (var (name, value) in node)
        {
            var pair = Renamed.FirstOrDefault(pair => (toCore ? pair.New : pair.Core) == name);
            result[
                pair.New is null ? name
                : toCore ? pair.Core
                : pair.New
            ] = value?.DeepClone();
        }
        if (toCore)
            return Typed(result, apiVersion);
        foreach (var name in new[] { "reportingController", "reportingInstance" })
            if (result.Text(name) is "")
                result.Remove(name); // only the core form always writes them
        return Typed(result, apiVersion);
    }

    private static JsonObject Typed(JsonObject result, string apiVersion)
    {
        result["apiVersion"] = apiVersion;
        if (apiVersion == "v1")
        {
            result["reportingComponent"] ??= "";
            result["reportingInstance"] ??= "";
        }
        return result;
    }
}
