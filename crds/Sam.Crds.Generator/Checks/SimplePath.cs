using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>Paths of names and dots alone, which is all that a server takes outside printer columns.</summary>
internal static partial class SimplePath
{
    public static bool IsOne(string path) => Form().IsMatch(path);

    /// <summary>The schema node that the path leads to, or null.</summary>
    public static JsonObject? Resolve(JsonObject schema, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate((JsonObject?)schema, (node, name) => node?.Child("properties")?.Child(name));

    [GeneratedRegex(@"^(\.[A-Za-z_][A-Za-z0-9_]*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
