using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Checks;

/// <summary>The rules of the scale subresource: counts below spec and status, a selector as text.</summary>
internal static class ScaleCheck
{
    public static void Add(JsonObject version, JsonObject schema, List<string> problems)
    {
        if (version.Child("subresources")?.Child("scale") is not { } scale)
            return;
        Check("specReplicasPath", "integer", ".spec.");
        Check("statusReplicasPath", "integer", ".status.");
        if (scale.ContainsKey("labelSelectorPath"))
            Check("labelSelectorPath", "string", ".status.", ".spec.");

        void Check(string key, string type, params string[] below)
        {
            var path = scale.Text(key) ?? "";
            if (!SimplePath.IsOne(path) || !below.Any(start => path.StartsWith(start, StringComparison.Ordinal)))
                problems.Add($"scale.{key}: '{path}' is no simple path below {string.Join(" or ", below)}");
            else if (SimplePath.Resolve(schema, path)?.Text("type") != type)
                problems.Add($"scale.{key}: {path} is no {type}");
        }
    }
}
