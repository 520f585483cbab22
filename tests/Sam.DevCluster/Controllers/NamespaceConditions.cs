using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>What a terminating namespace says about what keeps it.</summary>
internal static class NamespaceConditions
{
    /// <summary>The conditions; those whose status stays keep the moment of their last change.</summary>
    /// <param name="remaining">What is left in the namespace.</param>
    /// <param name="before">The conditions so far.</param>
    /// <param name="now">This moment.</param>
    public static JsonArray Of(
        IReadOnlyCollection<(ResourceType Type, StoredObject Object)> remaining,
        JsonArray? before,
        string now
    )
    {
        var kinds = Counts(remaining.Select(item => $"{item.Type.Plural}.{item.Type.Group}"), " has ");
        var finalizers = Counts(
            remaining.SelectMany(item => item.Object.Read().Metadata().Child("finalizers").Strings()),
            " in "
        );
        Told[] all =
        [
            new("DeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            new("DeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            new(
                "DeletionContentFailure",
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"
            ),
            kinds.Length > 0
                ? new("ContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {kinds}")
                : new("ContentRemaining", false, "ContentRemoved", "All content successfully removed"),
            finalizers.Length > 0
                ? new(
                    "FinalizersRemaining",
                    true,
                    "SomeFinalizersRemain",
                    $"Some content in the namespace has finalizers remaining: {finalizers}"
                )
                : new("FinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ];
        return [.. all.Select(told => (JsonNode)Condition(told, before, now))];
    }

    private sealed record Told(string Type, bool IsTrue, string Reason, string Message);

    private static string Counts(IEnumerable<string> names, string between) =>
        string.Join(
            ", ",
            names
                .GroupBy(name => name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key}{between}{group.Count()} resource instances")
        );

    private static JsonObject Condition(Told told, JsonArray? before, string now)
    {
        var (type, status) = ("Namespace" + told.Type, told.IsTrue ? "True" : "False");
        var last = (before ?? []).FirstOrDefault(condition => condition.Text("type") == type);
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastTransitionTime"] = last.Text("status") == status ? last.Text("lastTransitionTime") : now,
            ["reason"] = told.Reason,
            ["message"] = told.Message,
        };
    }
}
