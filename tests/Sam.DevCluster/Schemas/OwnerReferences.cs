using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>The rules of <c>metadata.ownerReferences</c>.</summary>
internal static class OwnerReferences
{
    public static IEnumerable<FieldError> Check(JsonArray? references)
    {
        var controllers = 0;
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
            if (reference.IsTrue("controller"))
                controllers++;
        }
        if (controllers > 1)
            yield return FieldError.Invalid(
                "metadata.ownerReferences",
                references,
                "Only one reference can have Controller set to true"
            );
    }
}
