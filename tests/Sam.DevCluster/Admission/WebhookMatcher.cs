using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Admission;

/// <summary>Whether a webhook wants to see a write, and in which version.</summary>
internal sealed class WebhookMatcher(ObjectStore store, ResourceCatalog catalog)
{
    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>The version to show the webhook; null when it is not concerned.</summary>
    public ResourceType? Match(Webhook webhook, WriteAttempt attempt, JsonObject? node, JsonObject? old)
    {
        if (attempt.Type.Group == "admissionregistration.k8s.io")
            return null; // else a broken webhook could never be repaired
        if (!MatchesNamespace(webhook, attempt, node ?? old!) || !MatchesObject(webhook, node, old))
            return null;
        if (webhook.Rules.Any(rule => Matches(rule, attempt, attempt.Type)))
            return attempt.Type;
        if (!webhook.IsEquivalent)
            return null;
        return catalog
            .All.Where(type => type.Shelf == attempt.Type.Shelf && type.ApiVersion != attempt.Type.ApiVersion)
            .FirstOrDefault(type => webhook.Rules.Any(rule => Matches(rule, attempt, type)));
    }

    /// <summary>Whether every condition holds; throws when that cannot be told and the webhook must not be left out.</summary>
    public static bool MeetsConditions(Webhook webhook, WriteAttempt attempt, JsonObject request)
    {
        if (webhook.Conditions.Count == 0)
            return true;
        var evaluator = new CelEvaluator(
            new Dictionary<string, object?>
            {
                ["object"] = CelValues.FromNode(request.Child("object")),
                ["oldObject"] = CelValues.FromNode(request.Child("oldObject")),
                ["request"] = request,
            }
        );
        var faults = new List<string>();
        foreach (var condition in webhook.Conditions)
        {
            try
            {
                if (evaluator.Evaluate(condition.Expression) is not true)
                    return false;
            }
            catch (CelException fault)
            {
                faults.Add($"expression '{condition.Name}' resulted in error: {fault.Message}");
            }
        }
        if (faults.Count == 0)
            return true;
        return webhook.IsFatal
            ? throw Failures.Forbidden(
                attempt.Type,
                attempt.Name,
                faults.Count == 1 ? faults[0] : $"[{string.Join(", ", faults)}]"
            )
            : false;
    }

    private static bool Matches(JsonObject rule, WriteAttempt attempt, ResourceType type)
    {
        var scope = rule.Text("scope") ?? "*";
        return Holds(rule, "operations", attempt.Operation)
            && Holds(rule, "apiGroups", type.Group)
            && Holds(rule, "apiVersions", type.Version)
            && (scope == "*" || scope == "Namespaced" == type.Namespaced)
            && rule.Child("resources").Strings().Any(pattern => Matches(pattern, type.Plural, attempt.Subresource));
    }

    private static bool Holds(JsonObject rule, string field, string value) =>
        rule.Child(field).Strings().Any(wanted => wanted == "*" || wanted == value);

    private static bool Matches(string pattern, string resource, string subresource)
    {
        var parts = pattern.Split('/', 2);
        var wanted = parts.Length > 1 ? parts[1] : "";
        return (parts[0] == "*" || parts[0] == resource) && (wanted == "*" || wanted == subresource);
    }

    private bool MatchesNamespace(Webhook webhook, WriteAttempt attempt, JsonObject node)
    {
        var isNamespace = attempt.Type is { Kind: "Namespace", Group: "" };
        if (!attempt.Type.Namespaced && !isNamespace)
            return true;
        var labels = isNamespace ? LabelsOf(node) : store.Get("namespaces", "", attempt.Namespace)?.Labels ?? NoLabels;
        return Storage.ObjectSelector.Matches(webhook.NamespaceSelector, labels);
    }

    private static bool MatchesObject(Webhook webhook, JsonObject? node, JsonObject? old) =>
        (node is not null && Storage.ObjectSelector.Matches(webhook.ObjectSelector, LabelsOf(node)))
        || (old is not null && Storage.ObjectSelector.Matches(webhook.ObjectSelector, LabelsOf(old)));

    private static Dictionary<string, string> LabelsOf(JsonObject node) =>
        node.At("metadata", "labels") is JsonObject labels
            ? labels.ToDictionary(pair => pair.Key, pair => pair.Value.Text() ?? "")
            : NoLabels;
}
