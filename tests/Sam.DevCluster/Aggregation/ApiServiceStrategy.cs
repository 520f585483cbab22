using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Aggregation;

/// <summary>APIServices: named after their group version, with priorities in bounds.</summary>
internal sealed class ApiServiceStrategy : ResourceStrategy
{
    public override NameRule NameRule => NameRule.Path;

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        if (node.At("spec", "service") is JsonObject service)
            service["port"] ??= 443;
        if (old is null && node.Object("status") is not null)
            node["status"] = new JsonObject();
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old)
    {
        var spec = node.Object("spec");
        var wanted = $"{spec.Text("version")}.{spec.Text("group")}";
        if (node.Name() != wanted)
            yield return FieldError.Invalid(
                "metadata.name",
                node.Name(),
                $"must be `spec.version+\".\"+spec.group`: \"{wanted}\""
            );
        if (string.IsNullOrEmpty(spec.Text("version")))
            yield return FieldError.Required("spec.version");
        if (!spec.Child("groupPriorityMinimum").TryInteger(out var minimum) || minimum is <= 0 or > 20000)
            yield return FieldError.Invalid("spec.groupPriorityMinimum", minimum, "must be positive and less than 20000");
        if (!spec.Child("versionPriority").TryInteger(out var priority) || priority is <= 0 or > 1000)
            yield return FieldError.Invalid("spec.versionPriority", priority, "must be positive and less than 1000");
        if (spec.Object("service") is not { } service)
        {
            if (spec.IsTrue("insecureSkipTLSVerify"))
                yield return FieldError.Invalid(
                    "spec.insecureSkipTLSVerify",
                    true,
                    "local APIServices may not have insecureSkipTLSVerify"
                );
            yield break;
        }
        if (string.IsNullOrEmpty(service.Text("namespace")))
            yield return FieldError.Required("spec.service.namespace");
        if (string.IsNullOrEmpty(service.Text("name")))
            yield return FieldError.Required("spec.service.name");
        if (spec.IsTrue("insecureSkipTLSVerify") && spec.Text("caBundle") is { Length: > 0 })
            yield return FieldError.Invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
    }
}
