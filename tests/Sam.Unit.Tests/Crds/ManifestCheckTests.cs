using System.Text.Json.Nodes;
using Sam.Crds.Generator.Checks;
using Sam.Crds.Generator.Reading;
using Sam.Crds.Generator.Writing;

namespace Sam.Unit.Tests.Crds;

/// <summary>What a server refuses of a CustomResourceDefinition beside its schema, one wrong thing at a time.</summary>
public sealed class ManifestCheckTests
{
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "metadata": {"type": "object"},
            "spec": {
              "type": "object",
              "properties": {
                "id": {"type": "string"},
                "wanted": {"type": "integer", "format": "int32"},
                "flag": {"type": "boolean"},
                "ratio": {"type": "number"},
                "part": {"type": "object"},
                "list": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}
              }
            },
            "status": {
              "type": "object",
              "properties": {
                "found": {"type": "integer", "format": "int32"},
                "selector": {"type": "string"},
                "at": {"type": "string", "format": "date-time"}
              }
            }
          }
        }
        """;

    public static TheoryData<string, string> WrongSelectors =>
        new()
        {
            { ".spec.list[0]", "is no simple path" },
            { "spec.id", "is no simple path" },
            { ".metadata.labels", "is of the metadata" },
            { ".spec.gone", "leads nowhere" },
            { ".spec.part", "is object" },
            { ".spec.list", "is array" },
            { ".spec.ratio", "is number" },
        };

    public static TheoryData<string, string, string> WrongScales =>
        new()
        {
            { "specReplicasPath", ".status.found", "is no simple path below .spec." },
            { "specReplicasPath", ".spec.list[0]", "is no simple path below .spec." },
            { "specReplicasPath", ".spec.id", "is no integer" },
            { "statusReplicasPath", ".status.gone", "is no integer" },
            { "labelSelectorPath", ".status.found", "is no string" },
        };

    public static TheoryData<string, string, string> WrongColumns =>
        new()
        {
            { "string", ".spec.gone", "leads nowhere" },
            { "text", ".spec.id", "has the type 'text'" },
            { "string", ".spec.wanted", "is integer, not string" },
            { "date", ".spec.id", "is string, not date" },
        };

    [Fact]
    public void Accepts_what_a_server_accepts()
    {
        var manifest = Manifest();

        Assert.Equal("""[{"jsonPath":".spec.id"}]""", Version(manifest)["selectableFields"]!.ToJsonString());
        Assert.Equal(
            """{"specReplicasPath":".spec.wanted","statusReplicasPath":".status.found","labelSelectorPath":".status.selector"}""",
            Version(manifest)["subresources"]!["scale"]!.ToJsonString()
        );
        Assert.Empty(ManifestCheck.Problems(manifest));
    }

    [Theory, MemberData(nameof(WrongSelectors))]
    public void Refuses_a_selectable_field_that_nobody_could_select_by(string path, string problem)
    {
        var manifest = Manifest();
        Version(manifest)["selectableFields"]![0]!["jsonPath"] = path;

        Assert.Contains(Problems(manifest), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(9, "a server takes 8, not 9")]
    [InlineData(2, ".spec.id stands there twice")]
    public void Refuses_too_many_selectable_fields(int count, string problem)
    {
        var manifest = Manifest();
        var fields = (JsonArray)Version(manifest)["selectableFields"]!;
        while (fields.Count < count)
            fields.Add(fields[0]!.DeepClone());

        Assert.Contains(Problems(manifest), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(WrongScales))]
    public void Refuses_a_scale_that_leads_to_no_count(string key, string path, string problem)
    {
        var manifest = Manifest();
        Version(manifest)["subresources"]!["scale"]![key] = path;

        Assert.Contains(Problems(manifest), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(WrongColumns))]
    public void Refuses_a_column_that_would_stay_empty(string type, string path, string problem)
    {
        var manifest = Manifest();
        ((JsonArray)Version(manifest)["additionalPrinterColumns"]!).Add(
            new JsonObject
            {
                ["name"] = "X",
                ["type"] = type,
                ["jsonPath"] = path,
            }
        );

        Assert.Contains(Problems(manifest), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_two_columns_of_one_name()
    {
        var manifest = Manifest();
        var columns = (JsonArray)Version(manifest)["additionalPrinterColumns"]!;
        columns.Add(columns[0]!.DeepClone());

        Assert.Contains(Problems(manifest), found => found.Contains("two have one name", StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_a_name_that_is_not_plural_and_group()
    {
        var manifest = Manifest();
        manifest["metadata"]!["name"] = "herd.example.dev";

        Assert.Contains(Problems(manifest), found => found.Contains("is not PLURAL.GROUP", StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_a_short_name_with_capitals()
    {
        var manifest = Manifest();
        ((JsonArray)manifest["spec"]!["names"]!["shortNames"]!).Add("Hd");

        Assert.Contains(Problems(manifest), found => found.Contains("Hd is no DNS label", StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_two_storage_versions()
    {
        var manifest = Manifest();
        ((JsonArray)manifest["spec"]!["versions"]!).Add(Version(manifest).DeepClone());

        Assert.Contains(Problems(manifest), found => found.Contains("exactly one version", StringComparison.Ordinal));
    }

    private static JsonObject Manifest() =>
        CrdManifest.Build(
            Kind.In(typeof(HerdFixture).Assembly).Single(kind => kind.Name == "Herd"),
            (JsonObject)JsonNode.Parse(Schema)!
        );

    private static JsonObject Version(JsonObject manifest) => (JsonObject)manifest["spec"]!["versions"]![0]!;

    private static IReadOnlyList<string> Problems(JsonObject manifest) => ManifestCheck.Problems(manifest);
}
