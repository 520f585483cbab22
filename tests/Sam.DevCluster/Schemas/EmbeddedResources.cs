using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Objects within objects need apiVersion and kind, in the forms of top-level ones.</summary>
internal static class EmbeddedResources
{
    public static void Check(JsonObject node, string path, List<FieldError> errors)
    {
        var at = path.Length == 0 ? "" : path + ".";
        var (version, kind) = (node.Text("apiVersion"), node.Text("kind"));
        if (string.IsNullOrEmpty(version))
            errors.Add(FieldError.Required($"{at}apiVersion"));
        else if (version.Count(c => c == '/') > 1)
            errors.Add(
                FieldError.Invalid($"{at}apiVersion", JsonValue.Create(version), $"unexpected GroupVersion string: {version}")
            );
        if (string.IsNullOrEmpty(kind))
            errors.Add(FieldError.Required($"{at}kind"));
        else if (!Names.IsDns1035Label(kind.ToLowerInvariant()))
            errors.Add(FieldError.Invalid($"{at}kind", JsonValue.Create(kind), Names.MixedCaseRule));
    }
}
