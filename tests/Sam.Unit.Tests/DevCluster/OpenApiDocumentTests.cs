using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.OpenApi;
using Sam.DevCluster.Resources;

namespace Sam.Unit.Tests.DevCluster;

public sealed class OpenApiDocumentTests
{
    private const string Definition = """
        metadata: {name: jugs.kitchen.example.com}
        spec:
          group: kitchen.example.com
          scope: Namespaced
          names: {kind: Jug, plural: jugs, listKind: JugList}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}, scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [count]
                    properties:
                      count: {type: integer, default: 1, minimum: 0, description: How many.}
                      port: {x-kubernetes-int-or-string: true}
                      lid: {type: string, nullable: true}
                      inner: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
        """;

    private readonly ResourceCatalog _catalog = new();

    public OpenApiDocumentTests() =>
        _catalog.Serve("jugs.kitchen.example.com", DefinitionReader.Read((JsonObject)YamlReading.Parse(Definition)!));

    [Fact]
    public void Every_document_of_the_index_is_there_under_its_hash_and_refers_to_nothing_that_is_not()
    {
        var documents = new GroupDocuments(_catalog);

        var index = documents.Index().Object("paths")!;

        Assert.Contains("apis/kitchen.example.com/v1", index);
        foreach (var (path, entry) in index)
        {
            var document = documents.Find(path)!;
            var content = JsonReading.ParseObject(document.Json);
            Assert.EndsWith("?hash=" + document.Hash, entry.Text("serverRelativeURL"));
            Assert.Empty(References(content).Except(Names(content.At("components", "schemas"), "#/components/schemas/")));
        }
    }

    [Fact]
    public void The_document_of_everything_refers_to_nothing_that_is_not()
    {
        var content = JsonReading.ParseObject(new SwaggerDocument(_catalog).Json.Json);

        var missing = References(content).Except(Names(content.Child("definitions"), "#/definitions/"));

        Assert.Empty(missing);
        Assert.DoesNotContain("requestBody", content.ToText());
    }

    [Fact]
    public void No_two_operations_share_a_name()
    {
        var paths = JsonReading.ParseObject(new SwaggerDocument(_catalog).Json.Json).Object("paths")!;

        var names = paths
            .SelectMany(item => (JsonObject)item.Value!)
            .Select(operation => operation.Value.Text("operationId"))
            .OfType<string>()
            .ToList();

        Assert.Equal(names.Distinct(), names);
        Assert.Contains("replaceKitchenExampleComV1NamespacedJugScale", names);
        Assert.Contains("listCoreV1ConfigMapForAllNamespaces", names);
    }

    [Fact]
    public void A_definition_is_described_in_full_in_version_3()
    {
        var schema = Schema("apis/kitchen.example.com/v1", "com.example.kitchen.v1.Jug");

        var spec = schema.At("properties", "spec", "properties");
        Assert.Equal("""{"type":"integer","default":1,"minimum":0,"description":"How many."}""", spec.Child("count").ToText());
        Assert.Equal("""[{"type":"integer"},{"type":"string"}]""", spec.At("port", "anyOf").ToText());
        Assert.True(spec.At("lid").IsTrue("nullable"));
        Assert.NotNull(spec.At("inner", "properties", "metadata"));
        Assert.Equal("Jug", schema.Array("x-kubernetes-group-version-kind")![0].Text("kind"));
    }

    [Fact]
    public void What_version_2_cannot_say_is_left_out_there()
    {
        var document = JsonReading.ParseObject(new SwaggerDocument(_catalog).Json.Json);

        var spec = document.Object("definitions").At("com.example.kitchen.v1.Jug", "properties", "spec", "properties");
        Assert.Equal("""{"type":"integer","minimum":0,"description":"How many."}""", spec.Child("count").ToText());
        Assert.Equal("""{"x-kubernetes-int-or-string":true}""", spec.Child("port").ToText());
        Assert.Equal("{}", spec.Child("lid").ToText());
    }

    [Fact]
    public void A_patch_says_that_it_takes_field_validation_and_dry_runs()
    {
        var document = JsonReading.ParseObject(new GroupDocuments(_catalog).Find("api/v1")!.Json);

        var patch = document.Object("paths").At("/api/v1/namespaces/{namespace}/configmaps/{name}", "patch");

        Assert.Equal(
            ["dryRun", "fieldManager", "fieldValidation", "force"],
            patch.Array("parameters")!.Select(parameter => parameter.Text("name"))
        );
        Assert.Contains("application/strategic-merge-patch+json", patch.At("requestBody", "content")!.AsObject());
    }

    [Theory]
    [InlineData(
        "apis/apps/v1",
        "io.k8s.api.apps.v1.DeploymentStrategy",
        "rollingUpdate",
        "#/components/schemas/io.k8s.api.apps.v1.RollingUpdate"
    )]
    [InlineData(
        "apis/autoscaling/v1",
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
        "spec",
        "#/components/schemas/io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec"
    )]
    [InlineData(
        "apis/batch/v1",
        "io.k8s.api.batch.v1.JobSpec",
        "template",
        "#/components/schemas/io.k8s.api.core.v1.PodTemplateSpec"
    )]
    public void A_field_of_an_own_kind_refers_to_the_struct_of_its_version(string path, string name, string field, string target)
    {
        var schema = Schema(path, name);

        Assert.Equal(target, schema.At("properties", field, "$ref").Text());
    }

    [Fact]
    public void Lists_of_own_kinds_say_how_patches_merge_them()
    {
        var pod = Schema("api/v1", "io.k8s.api.core.v1.PodSpec").At("properties");

        Assert.Equal("name", pod.At("containers", "x-kubernetes-patch-merge-key").Text());
        Assert.Equal("merge,retainKeys", pod.At("volumes", "x-kubernetes-patch-strategy").Text());
        Assert.Equal("atomic", pod.At("tolerations", "x-kubernetes-list-type").Text());
    }

    [Fact]
    public void A_document_is_made_again_only_when_its_resources_change()
    {
        var documents = new GroupDocuments(_catalog);
        var (before, other) = (documents.Find("apis/kitchen.example.com/v1"), documents.Find("api/v1"));

        var changed = Definition.Replace("How many.", "How many of them.", StringComparison.Ordinal);
        _catalog.Serve("jugs.kitchen.example.com", DefinitionReader.Read((JsonObject)YamlReading.Parse(changed)!));

        Assert.NotEqual(before!.Hash, documents.Find("apis/kitchen.example.com/v1")!.Hash);
        Assert.Same(other, documents.Find("api/v1"));
        _catalog.Withdraw("jugs.kitchen.example.com");
        Assert.Null(documents.Find("apis/kitchen.example.com/v1"));
    }

    private JsonNode? Schema(string path, string name) =>
        JsonReading.ParseObject(new GroupDocuments(_catalog).Find(path)!.Json).At("components", "schemas", name);

    private static IEnumerable<string> Names(JsonNode? schemas, string prefix) =>
        (schemas as JsonObject ?? []).Select(pair => prefix + pair.Key);

    private static IEnumerable<string> References(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(pair =>
                pair.Key == "$ref" && pair.Value.Text() is { } target ? [target] : References(pair.Value)
            ),
            JsonArray list => list.SelectMany(References),
            _ => [],
        };
}
