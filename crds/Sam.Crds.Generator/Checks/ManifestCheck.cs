using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>What a server checks of a CustomResourceDefinition beside its schema: names, versions, printer columns.</summary>
public static partial class ManifestCheck
{
    /// <summary>What a server would refuse in the manifest, each with the name of the CRD.</summary>
    public static IReadOnlyList<string> Problems(JsonObject manifest)
    {
        var problems = new List<string>();
        var spec = manifest.Child("spec")!;
        Names(manifest, spec, problems);
        var versions = ((JsonArray)spec["versions"]!).OfType<JsonObject>().ToArray();
        if (versions.Count(version => version["storage"]!.GetValue<bool>()) != 1)
            problems.Add("exactly one version is the storage version");
        foreach (var version in versions)
        {
            var schema = version.Child("schema")!.Child("openAPIV3Schema")!;
            problems.AddRange(StructuralCheck.Problems(schema));
            Columns(version, schema, problems);
            SelectorCheck.Add(version, schema, problems);
            ScaleCheck.Add(version, schema, problems);
        }

        var kind = spec.Child("names")!.Text("kind");
        return [.. problems.Select(problem => $"{kind}.{problem}")];
    }

    private static void Names(JsonObject manifest, JsonObject spec, List<string> problems)
    {
        var names = spec.Child("names")!;
        var plural = names.Text("plural");
        if (manifest.Child("metadata")!.Text("name") != $"{plural}.{spec.Text("group")}")
            problems.Add("metadata.name is not PLURAL.GROUP");
        foreach (
            var name in names
                .Texts("shortNames")
                .Concat(names.Texts("categories"))
                .Append(plural!)
                .Append(names.Text("singular")!)
        )
        {
            if (!Label().IsMatch(name))
                problems.Add($"names: {name} is no DNS label");
        }
    }

    private static void Columns(JsonObject version, JsonObject schema, List<string> problems)
    {
        var columns = ((JsonArray)version["additionalPrinterColumns"]!).OfType<JsonObject>().ToArray();
        if (columns.GroupBy(column => column.Text("name")).Any(group => group.Count() > 1))
            problems.Add("additionalPrinterColumns: two have one name");
        foreach (var column in columns)
        {
            var path = column.Text("jsonPath")!;
            var type = column.Text("type");
            if (type is not ("string" or "integer" or "number" or "boolean" or "date"))
                problems.Add($"additionalPrinterColumns: {path} has the type '{type}'");
            if (!path.StartsWith(".metadata.", StringComparison.Ordinal))
                Column(path, type, schema, problems);
        }
    }

    private static void Column(string path, string? type, JsonObject schema, List<string> problems)
    {
        var node = schema;
        foreach (var name in Filter().Replace(path, "[]").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var isItem = name.EndsWith("[]", StringComparison.Ordinal);
            node = node.Child("properties")?.Child(isItem ? name[..^2] : name);
            node = isItem ? node?.Child("items") : node;
            if (node is null)
            {
                problems.Add($"additionalPrinterColumns: {path} leads nowhere ({name})");
                return;
            }
        }

        var isDate = node.Text("format") == "date-time";
        if (node.Text("type") is "integer" or "number" or "boolean" && type != node.Text("type") || type == "date" && !isDate)
            problems.Add($"additionalPrinterColumns: {path} is {node.Text("type")}, not {type}");
    }

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"\[\?\(.*?\)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filter();
}
