using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Admission;

/// <summary>Webhook configurations: defaults filled in, whatever could not be called refused.</summary>
internal sealed class WebhookStrategy(string kind) : ResourceStrategy
{
    private readonly bool _isMutating = kind.StartsWith("Mutating", StringComparison.Ordinal);

    public override bool HasGeneration => true;

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        foreach (var webhook in (node.Array("webhooks") ?? []).OfType<JsonObject>())
        {
            webhook["failurePolicy"] ??= "Fail";
            webhook["matchPolicy"] ??= "Equivalent";
            webhook["timeoutSeconds"] ??= 10;
            webhook["namespaceSelector"] ??= new JsonObject();
            webhook["objectSelector"] ??= new JsonObject();
            if (_isMutating)
                webhook["reinvocationPolicy"] ??= "Never";
            foreach (var rule in (webhook.Array("rules") ?? []).OfType<JsonObject>())
                rule["scope"] ??= "*";
            if (webhook.At("clientConfig", "service") is JsonObject service)
                service["port"] ??= 443;
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var webhooks = node.Array("webhooks");
        for (var index = 0; index < (webhooks?.Count ?? 0); index++)
        {
            var path = $"webhooks[{index}]";
            var name = webhooks![index].Text("name") ?? "";
            if (!names.Add(name))
                yield return FieldError.Duplicate($"{path}.name", name);
            foreach (var error in Check(webhooks[index], name, path))
                yield return error;
        }
    }

    private static IEnumerable<FieldError> Check(JsonNode? webhook, string name, string path)
    {
        if (name.Split('.') is not { Length: >= 3 } labels || labels.Any(label => label.Length == 0))
            yield return FieldError.Invalid(
                $"{path}.name",
                name,
                "should be a domain with at least three segments separated by dots"
            );
        string[] effects = ["None", "NoneOnDryRun"];
        if (webhook.Text("sideEffects") is not { } sent)
            yield return FieldError.Required($"{path}.sideEffects", "must specify one of None, NoneOnDryRun");
        else if (!effects.Contains(sent))
            yield return FieldError.Unsupported($"{path}.sideEffects", sent, effects);
        if (webhook.Array("admissionReviewVersions") is not { Count: > 0 } versions)
            yield return FieldError.Required($"{path}.admissionReviewVersions", "must specify one of v1, v1beta1");
        else if (!versions.Strings().Any(version => version is "v1" or "v1beta1"))
            yield return FieldError.Invalid(
                $"{path}.admissionReviewVersions",
                versions,
                "must include at least one of v1, v1beta1"
            );
        foreach (var (field, values) in Choices)
        {
            if (webhook.Text(field) is { } value && !values.Contains(value))
                yield return FieldError.Unsupported($"{path}.{field}", value, values);
        }
        if (webhook.Child("timeoutSeconds").TryInteger(out var seconds) && seconds is < 1 or > 30)
            yield return FieldError.Invalid(
                $"{path}.timeoutSeconds",
                seconds,
                "the timeout value must be between 1 and 30 seconds"
            );
        foreach (var error in CheckClient(webhook.Child("clientConfig"), $"{path}.clientConfig"))
            yield return error;
        foreach (var error in CheckConditions(webhook.Array("matchConditions"), $"{path}.matchConditions"))
            yield return error;
    }

    private static readonly (string Field, string[] Values)[] Choices =
    [
        ("failurePolicy", ["Fail", "Ignore"]),
        ("matchPolicy", ["Equivalent", "Exact"]),
        ("reinvocationPolicy", ["IfNeeded", "Never"]),
    ];

    private static IEnumerable<FieldError> CheckClient(JsonNode? client, string path)
    {
        var url = client.Text("url");
        if ((url is null) == (client.Object("service") is null))
        {
            yield return FieldError.Required(path, "exactly one of url or service is required");
            yield break;
        }
        if (url is not null && !url.StartsWith("https://", StringComparison.Ordinal))
            yield return FieldError.Invalid($"{path}.url", url, "'https' is the only allowed URL scheme");
    }

    private static IEnumerable<FieldError> CheckConditions(JsonArray? conditions, string path)
    {
        for (var index = 0; index < (conditions?.Count ?? 0); index++)
        {
            var text = conditions![index].Text("expression") ?? "";
            if (string.IsNullOrEmpty(conditions[index].Text("name")))
                yield return FieldError.Required($"{path}[{index}].name");
            if (text.Length == 0)
                yield return FieldError.Required($"{path}[{index}].expression");
            else if (CelExpressions.Problem(text, Webhook.ConditionVariables) is { } problem)
                yield return FieldError.Invalid($"{path}[{index}].expression", text, $"compilation failed: {problem}");
        }
    }
}
