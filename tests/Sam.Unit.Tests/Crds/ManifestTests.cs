using System.Text.Json.Nodes;
using Sam.Crds.Generator;
using Sam.Crds.Generator.Checks;
using Sam.Crds.V1Alpha1;

namespace Sam.Unit.Tests.Crds;

public sealed class ManifestTests
{
    public static TheoryData<string> Manifests => CrdFiles.ManifestNames;

    [Fact]
    public void Every_kind_of_this_version_has_a_manifest()
    {
        var kinds = CrdFiles.ManifestNames.Select(row =>
            CrdFiles.Manifest(row.Data)["spec"]!["names"]!["kind"]!.GetValue<string>()
        );

        Assert.Superset(new HashSet<string> { "ComposeApp", "DeploymentNode", "Machine", "Project" }, kinds.ToHashSet());
    }

    [Theory, MemberData(nameof(Manifests))]
    public void A_server_would_accept_it(string name)
    {
        var problems = ManifestCheck.Problems(CrdFiles.Manifest(name));

        Assert.Empty(problems);
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Kubectl_explain_has_a_text_for_every_field(string name)
    {
        var fields = CrdFiles.Fields(CrdFiles.SchemaOf(CrdFiles.Manifest(name)), "");

        var silent = fields.Where(field =>
            field.Path != ".metadata" && string.IsNullOrWhiteSpace(field.Node["description"]?.GetValue<string>())
        );

        Assert.Empty(silent.Select(field => field.Path));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void What_is_read_back_is_what_was_written(string name)
    {
        var manifest = CrdFiles.Manifest(name);
        var kind = manifest["spec"]!["names"]!["kind"]!.GetValue<string>();

        var schema = Generation.Schemas(typeof(Machine).Assembly).Single(pair => pair.Kind.Name == kind).Schema;

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(schema.ToJsonString()), JsonNode.Parse(CrdFiles.SchemaOf(manifest).ToJsonString()))
        );
    }

    [Theory, MemberData(nameof(Manifests))]
    public void A_new_object_says_that_no_generation_was_observed(string name)
    {
        var status = CrdFiles.SchemaOf(CrdFiles.Manifest(name))["properties"]!["status"]!;

        Assert.Equal(-1, status["default"]!["observedGeneration"]!.GetValue<long>());
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Columns_begin_with_Ready_and_Reason_and_end_with_Age(string name)
    {
        var columns = ((JsonArray)CrdFiles.Manifest(name)["spec"]!["versions"]![0]!["additionalPrinterColumns"]!)
            .Select(column => column!["name"]!.GetValue<string>())
            .ToArray();

        Assert.Equal(["Ready", "Reason"], columns[..2]);
        Assert.Equal("Age", columns[^1]);
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Kubectl_get_sam_lists_it(string name)
    {
        var spec = CrdFiles.Manifest(name)["spec"]!;

        Assert.Equal("sam", spec["names"]!["categories"]![0]!.GetValue<string>());
        Assert.Equal("Namespaced", spec["scope"]!.GetValue<string>());
        Assert.NotEmpty((JsonArray)spec["names"]!["shortNames"]!);
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Conditions_are_merged_by_type_and_bounded_as_Kubernetes_bounds_them(string name)
    {
        var conditions = CrdFiles.SchemaOf(CrdFiles.Manifest(name))["properties"]!["status"]!["properties"]!["conditions"]!;

        Assert.Equal("map", conditions["x-kubernetes-list-type"]!.GetValue<string>());
        Assert.Equal("type", conditions["x-kubernetes-list-map-keys"]![0]!.GetValue<string>());
        Assert.Equal(32768, conditions["items"]!["properties"]!["message"]!["maxLength"]!.GetValue<long>());
        Assert.Equal(1024, conditions["items"]!["properties"]!["reason"]!["maxLength"]!.GetValue<long>());
        Assert.Equal(316, conditions["items"]!["properties"]!["type"]!["maxLength"]!.GetValue<long>());
    }
}
