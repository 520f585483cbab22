using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Checks;

/// <summary>The rules of <c>selectableFields</c>: few simple paths, each to a scalar below spec or status.</summary>
internal static class SelectorCheck
{
    private const int Most = 8;

    public static void Add(JsonObject version, JsonObject schema, List<string> problems)
    {
        if (version["selectableFields"] is not JsonArray fields)
            return;
        string[] paths = [.. fields.OfType<JsonObject>().Select(field => field.Text("jsonPath") ?? "")];
        if (paths.Length > Most)
            problems.Add($"selectableFields: a server takes {Most}, not {paths.Length}");
        foreach (var twice in paths.GroupBy(path => path, StringComparer.Ordinal).Where(group => group.Count() > 1))
            problems.Add($"selectableFields: {twice.Key} stands there twice");
        foreach (var path in paths)
        {
            if (!SimplePath.IsOne(path))
                problems.Add($"selectableFields: '{path}' is no simple path such as .spec.name");
            else if (path.StartsWith(".metadata", StringComparison.Ordinal))
                problems.Add($"selectableFields: {path} is of the metadata, which every kind can be selected by");
            else if (SimplePath.Resolve(schema, path)?.Text("type") is not { } type)
                problems.Add($"selectableFields: {path} leads nowhere");
            else if (type is not ("string" or "integer" or "boolean"))
                problems.Add($"selectableFields: {path} is {type}; a field selector compares string, integer and boolean");
        }
    }
}
