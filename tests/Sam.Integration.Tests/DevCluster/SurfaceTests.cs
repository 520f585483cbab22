using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Sam.Testing;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>What discovery, documents and the forms of answers look like to a client.</summary>
public sealed class SurfaceTests : DevClusterTest
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: jugs.surface.example.com}
        spec:
          group: surface.example.com
          scope: Namespaced
          names: {kind: Jug, plural: jugs}
          versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}}
          - {name: v1beta1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object}}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Aggregated, 200, Aggregated)]
    [InlineData(Aggregated + ",application/json", 200, Aggregated)]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json", 200, "application/json")]
    [InlineData("application/json", 200, "application/json")]
    [InlineData("application/yaml", 200, "application/yaml")]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList", 406, "application/json")]
    [InlineData("application/json;as=Table;v=v1;g=meta.k8s.io", 406, "application/json")]
    public async Task The_first_form_of_discovery_that_is_served_is_the_answer(string accept, int status, string form)
    {
        using var api = new RawApi(Server);

        using var answer = await api.GetAsync("/apis", ("Accept", accept));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(form, answer.Content.Headers.NonValidated["Content-Type"].ToString());
    }

    [Theory]
    [InlineData("/apis", Aggregated)]
    [InlineData("/openapi/v2", "application/json")]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")]
    [InlineData("/openapi/v3/apis/apps/v1", "application/json")]
    public async Task Who_has_a_document_is_not_sent_it_again_until_it_changes(string path, string accept)
    {
        using var api = new RawApi(Server);
        using var first = await api.GetAsync(path, ("Accept", accept));
        var tag = first.Headers.ETag!.ToString();

        using var second = await api.GetAsync(path, ("Accept", accept), ("If-None-Match", tag));
        using var other = await api.GetAsync(path, ("Accept", accept), ("If-None-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_document_of_openapi_lies_under_its_hash_and_another_hash_leads_there()
    {
        using var api = new RawApi(Server);
        var index = await Api.GetAsync("/openapi/v3");
        var url = index.Body!["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!.GetValue<string>();

        using var right = await api.GetAsync(url);
        using var wrong = await api.GetAsync("/openapi/v3/apis/apps/v1?hash=00");

        Assert.Equal("public, immutable", right.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal(HttpStatusCode.MovedPermanently, wrong.StatusCode);
        Assert.Equal(url, wrong.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_definition_comes_to_every_list_and_goes_from_it()
    {
        await CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Definition);
        await Eventually("/apis/surface.example.com/v1", 200);

        var group = await Api.GetAsync("/apis/surface.example.com");
        var list = await Api.GetAsync("/apis", null, ("Accept", Aggregated));
        var index = await Api.GetAsync("/openapi/v3");
        var absent = await Api.GetAsync("/apis/surface.example.com/v7");

        Assert.Equal(["v1", "v1beta1"], group.Body!["versions"]!.AsArray().Select(version => (string?)version!["version"]));
        Assert.Equal("surface.example.com", (string?)list.Body!["items"]!.AsArray()[^1]!["metadata"]!["name"]);
        Assert.Contains("apis/surface.example.com/v1", index.Body!["paths"]!.AsObject());
        Assert.Equal((404, "404 page not found\n"), (absent.Status, (string?)absent.Body));

        await Api.SendAsync(
            HttpMethod.Delete,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/jugs.surface.example.com",
            null
        );
        await Eventually("/apis/surface.example.com/v1", 404);
        Assert.Equal(404, (await Api.GetAsync("/openapi/v3/apis/surface.example.com/v1")).Status);
    }

    [Fact]
    public async Task A_deprecated_version_names_the_one_to_use()
    {
        await CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Definition);
        await Eventually("/apis/surface.example.com/v1beta1", 200);

        var answer = await Api.GetAsync("/apis/surface.example.com/v1beta1/namespaces/default/jugs");

        Assert.Equal(
            "299 - \"surface.example.com/v1beta1 Jug is deprecated; use surface.example.com/v1 Jug\"",
            Assert.Single(answer.Warnings)
        );
    }

    [Fact]
    public async Task Big_answers_are_compressed_for_who_takes_that()
    {
        using var api = new RawApi(Server);
        await CreateMapAsync("big", new string('x', 200_000));
        await CreateMapAsync("small", "x");

        const string maps = "/api/v1/namespaces/default/configmaps";
        using var big = await api.GetAsync(maps + "/big", ("Accept-Encoding", "gzip"));
        using var list = await api.GetAsync(maps, ("Accept-Encoding", "gzip"));
        using var plain = await api.GetAsync(maps + "/big");
        using var small = await api.GetAsync(maps + "/small", ("Accept-Encoding", "gzip"));

        Assert.Equal("big", (string?)(await UnpackedAsync(big))["metadata"]!["name"]);
        Assert.Equal(3, (await UnpackedAsync(list))["items"]!.AsArray().Count); // kube-root-ca.crt is the third
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Empty(small.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_answer_is_indented_on_demand_and_ends_with_a_line_otherwise()
    {
        using var api = new RawApi(Server);
        await CreateMapAsync("m", "x");

        using var pretty = await api.GetAsync("/api/v1/namespaces/default/configmaps/m?pretty=true");
        using var plain = await api.GetAsync("/api/v1/namespaces/default/configmaps/m");
        using var curl = await api.GetAsync("/api/v1/namespaces/default/configmaps", ("User-Agent", "curl/8"));

        Assert.StartsWith(
            "{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\n    \"name\": \"m\",",
            await pretty.Content.ReadAsStringAsync(Cancel)
        );
        Assert.EndsWith("}\n", await plain.Content.ReadAsStringAsync(Cancel));
        Assert.StartsWith("{\n  \"kind\": \"ConfigMapList\",", await curl.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Who_reads_yaml_is_refused_in_yaml()
    {
        using var api = new RawApi(Server);

        using var answer = await api.GetAsync("/api/v1/namespaces/default/configmaps/none", ("Accept", "application/yaml"));

        Assert.Equal("application/yaml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("reason: NotFound", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private Task CreateMapAsync(string name, string text) =>
        CreateAsync(
            "/api/v1/namespaces/default/configmaps",
            $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{k: {text}}}}}"
        );

    private Task Eventually(string path, int status) =>
        Poll.UntilAsync(
            async () => (await Api.GetAsync(path)).Status == status,
            () => Task.FromResult($"{path} never answers {status}"),
            Cancel
        );

    private static async Task<JsonNode> UnpackedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        await using var packed = new GZipStream(await answer.Content.ReadAsStreamAsync(Cancel), CompressionMode.Decompress);
        return (await JsonNode.ParseAsync(packed, cancellationToken: Cancel))!;
    }
}
