using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Tables;

/// <summary>The columns of built-in kinds, from the embedded list.</summary>
internal static partial class BuiltInColumns
{
    private static readonly Lazy<JsonObject> Listed = new(Load);

    private static readonly PrinterColumn Name = new("Name", "string", ".metadata.name", "name");
    private static readonly PrinterColumn Age = new("Age", "string", "since:.metadata.creationTimestamp");

    public static IReadOnlyList<PrinterColumn> Of(string kind)
    {
        if (Listed.Value.Text(kind) is not { } text)
            return [Name, Age];
        var columns = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        return columns.Exists(column => column.Name == "Name") ? columns : [Name, .. columns];
    }

    private static PrinterColumn Read(string line)
    {
        if (line == Age.Name)
            return Age;
        var match = Line().Match(line);
        if (!match.Success)
            throw new InvalidOperationException($"no column: {line}");
        var name = match.Groups["name"].Value;
        return new PrinterColumn(
            name,
            match.Groups["type"] is { Success: true, Value: var type } ? type : "string",
            match.Groups["value"].Value,
            name == Name.Name ? Name.Format : "",
            Priority: match.Groups["wide"].Success ? 1 : 0
        );
    }

    private static JsonObject Load()
    {
        using var stream = typeof(BuiltInColumns).Assembly.GetManifestResourceStream("builtin-columns.yaml")!;
        using var reader = new StreamReader(stream);
        return (JsonObject)YamlReading.Parse(reader.ReadToEnd())!;
    }

    [GeneratedRegex(@"^(?<wide>\+)?(?<name>\w.*?)(?: \((?<type>integer|date|boolean)\))? = (?<value>.+)$")]
    private static partial Regex Line();
}
