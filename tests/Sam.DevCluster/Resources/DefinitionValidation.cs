using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules for definitions, in the order and with the paths of the API server.</summary>
internal static class DefinitionValidation
{
    private const string ApprovalAnnotation = "api-approved.kubernetes.io";

    public static List<FieldError> Check(JsonObject definition, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var spec = definition.Object("spec") ?? [];
        var before = old?.Object("spec");
        if (before is not null)
            CheckImmutable(old!, before, spec, errors);
        if (errors.Count > 0)
            return errors;
        if (before is null && definition.Name() != $"{spec.Object("names").Text("plural")}.{spec.Text("group")}")
            errors.Add(
                FieldError.Invalid(
                    "metadata.name",
                    JsonValue.Create(definition.Name()),
                    "must be spec.names.plural+\".\"+spec.group"
                )
            );
        CheckGroup(spec.Text("group") ?? "", errors);
        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
            errors.Add(
                spec.Text("scope") is null or ""
                    ? FieldError.Required("spec.scope")
                    : FieldError.Unsupported("spec.scope", spec.Child("scope"), ["Cluster", "Namespaced"])
            );
        VersionValidation.Check(spec, errors);
        DefinitionNames.Check(spec.Object("names"), errors);
        VersionValidation.CheckShared(spec, errors);
        CheckConversion(spec.Object("conversion"), errors);
        CheckStored(definition.Object("status"), spec, errors);
        CheckApproval(definition, spec.Text("group") ?? "", errors);
        return errors;
    }

    private static void CheckImmutable(JsonObject old, JsonObject before, JsonObject spec, List<FieldError> errors)
    {
        if (before.Text("group") != spec.Text("group"))
            errors.Add(FieldError.Invalid("spec.group", spec.Child("group"), "field is immutable"));
        if (!IsEstablished(old))
            return;
        if (before.Text("scope") != spec.Text("scope"))
            errors.Add(FieldError.Invalid("spec.scope", spec.Child("scope"), "field is immutable"));
        foreach (var name in new[] { "kind", "plural" })
        {
            if (before.Object("names").Text(name) != spec.Object("names").Text(name))
                errors.Add(FieldError.Invalid($"spec.names.{name}", spec.Object("names").Child(name), "field is immutable"));
        }
    }

    private static bool IsEstablished(JsonObject definition) =>
        (definition.At("status", "conditions") as JsonArray ?? []).Any(condition =>
            condition.Text("type") == "Established" && condition.Text("status") == "True"
        );

    private static void CheckGroup(string group, List<FieldError> errors)
    {
        if (group.Length == 0)
            errors.Add(FieldError.Required("spec.group"));
        else if (Names.SubdomainProblem(group) is { } problem)
            errors.Add(FieldError.Invalid("spec.group", JsonValue.Create(group), problem));
        else if (!group.Contains('.'))
            errors.Add(FieldError.Invalid("spec.group", JsonValue.Create(group), "should be a domain with at least one dot"));
    }

    private static void CheckConversion(JsonObject? conversion, List<FieldError> errors)
    {
        const string path = "spec.conversion";
        var webhook = conversion.Object("webhook");
        switch (conversion.Text("strategy"))
        {
            case "Webhook":
                if (webhook.Object("clientConfig") is null)
                    errors.Add(FieldError.Required($"{path}.webhookClientConfig", "required when strategy is set to Webhook"));
                if (webhook.Array("conversionReviewVersions") is not { Count: > 0 })
                    errors.Add(FieldError.Required($"{path}.conversionReviewVersions"));
                if (errors.Count == 0)
                    errors.Add(FieldError.Forbidden($"{path}.strategy", "the dev cluster does not call conversion webhooks"));
                break;
            case "None":
                if (webhook.Object("clientConfig") is not null)
                    errors.Add(
                        FieldError.Forbidden(
                            $"{path}.webhookClientConfig",
                            "should not be set when strategy is not set to Webhook"
                        )
                    );
                if (webhook.Array("conversionReviewVersions") is { Count: > 0 })
                    errors.Add(
                        FieldError.Forbidden(
                            $"{path}.conversionReviewVersions",
                            "should not be set when strategy is not set to Webhook"
                        )
                    );
                break;
            default:
                errors.Add(FieldError.Unsupported($"{path}.strategy", conversion.Child("strategy"), ["None", "Webhook"]));
                break;
        }
    }

    private static void CheckStored(JsonObject? status, JsonObject spec, List<FieldError> errors)
    {
        const string path = "status.storedVersions";
        var stored = status.Array("storedVersions");
        if (stored is not { Count: > 0 })
        {
            errors.Add(FieldError.Invalid(path, stored, "must have at least one stored version"));
            return;
        }
        var versions = DefinitionReader.Versions(spec).ToList();
        var storage = versions.FindLast(version => version.IsTrue("storage")).Text("name");
        if (storage is not null && !stored.Strings().Contains(storage) && versions.Count(v => v.IsTrue("storage")) > 1)
            errors.Add(FieldError.Invalid(path, stored, $"must have the storage version {storage}"));
        for (var index = 0; index < stored.Count; index++)
        {
            var name = stored[index].Text() ?? "";
            if (versions.All(version => version.Text("name") != name))
                errors.Add(
                    FieldError.Invalid(
                        $"{path}[{index}]",
                        JsonValue.Create(name),
                        $"missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
                    )
                );
        }
    }

    private static void CheckApproval(JsonObject definition, string group, List<FieldError> errors)
    {
        if (!group.EndsWith(".k8s.io", StringComparison.Ordinal) && !group.EndsWith(".kubernetes.io", StringComparison.Ordinal))
            return;
        const string path = $"metadata.annotations[{ApprovalAnnotation}]";
        const string rule = $"protected groups must have approval annotation \"{ApprovalAnnotation}\"";
        const string see = ", see https://github.com/kubernetes/enhancements/pull/1111";
        var approval = definition.Object("metadata").Object("annotations").Text(ApprovalAnnotation);
        if (approval is null or "")
            errors.Add(FieldError.Required(path, rule + see));
        else if (
            !approval.StartsWith("unapproved", StringComparison.Ordinal) && !Uri.TryCreate(approval, UriKind.Absolute, out _)
        )
            errors.Add(
                FieldError.Invalid(
                    path,
                    JsonValue.Create(approval),
                    $"{rule} with either a URL or a reason starting with \"unapproved\"{see}"
                )
            );
    }
}
