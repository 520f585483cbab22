using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>The rules of <c>metadata.ownerReferences</c>.</summary>
internal static class OwnerReferences
{
    public static IEnumerable<FieldError> Check(JsonArray? references)
    {
        JsonNode? controller = null;
        for (var index = 0; index < (references?.Count ?? 0); index++)
        {
            var reference = references![index];
            foreach (var name in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (string.IsNullOrEmpty(reference.Text(name)))
                    yield return FieldError.Invalid(
                        $"metadata.ownerReferences.{name}",
                        JsonValue.Create(""),
                        name == "apiVersion" ? "version must not be empty" : "must not be empty"
                    );
            }
            if (reference.Text("kind") == "Event" && reference.Text("apiVersion") == "v1")
                yield return FieldError.Invalid(
                    "metadata.ownerReferences",
                    reference,
                    "/v1, Kind=Event is disallowed from being an owner"
                );
            if (!reference.IsTrue("controller"))
                continue;
            if (controller is not null)
                yield return FieldError.Invalid(
                    "metadata.ownerReferences",
                    references,
                    $"Only one reference can have Controller set to true. Found \"true\" in references for {Named(controller)} and {Named(reference)}"
                );
            controller ??= reference;
        }
    }

    /// <summary>The references without those that are there twice, which is warned of.</summary>
    public static JsonArray Once(JsonArray references, List<string> warnings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var twice = new List<string>();
        var once = new JsonArray();
        foreach (var reference in references)
        {
            if (seen.Add(reference.ToText()))
                once.Add(reference?.DeepClone());
            else if (reference.Text("uid") is { } uid && !twice.Contains(uid))
                twice.Add(uid);
        }
        if (twice.Count > 0)
            warnings.Add(
                $".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {string.Join(", ", twice)}"
            );
        return once;
    }

    private static string Named(JsonNode? reference) => $"{reference.Text("kind")}/{reference.Text("name")}";
}
