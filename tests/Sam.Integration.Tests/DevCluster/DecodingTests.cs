namespace Sam.Integration.Tests.DevCluster;

/// <summary>What is sent must fit the types of the real server.</summary>
public sealed class DecodingTests : DevClusterTest
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const string Json = "application/json";

    [Theory]
    [InlineData(
        """{"metadata":{"name":"a"},"data":{"k":1}}""",
        "cannot unmarshal number into Go struct field ConfigMap.data of type string"
    )]
    [InlineData(
        """{"metadata":{"name":"a","labels":{"k":true}}}""",
        "cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string"
    )]
    [InlineData(
        """{"metadata":{"name":"a"},"immutable":"yes"}""",
        "cannot unmarshal string into Go struct field ConfigMap.immutable of type bool"
    )]
    public async Task A_value_of_another_type_is_refused(string body, string why)
    {
        var answer = await Api.SendAsync(HttpMethod.Post, Maps, body, media: Json);

        Assert.Equal(400, answer.Status);
        Assert.EndsWith(why, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_and_duplicate_fields_are_refused_in_their_order_when_asked()
    {
        const string body = """{"metadata":{"name":"a","odd":1},"data":{"k":"1","k":"2"},"Data":{}}""";

        var strict = await Api.SendAsync(HttpMethod.Post, Maps + "?fieldValidation=Strict", body, media: Json);
        var warned = await Api.SendAsync(HttpMethod.Post, Maps, body, media: Json);

        Assert.EndsWith(
            "strict decoding error: duplicate field \"data.k\", unknown field \"metadata.odd\", unknown field \"Data\"",
            strict.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(201, warned.Status);
        Assert.Equal(3, warned.Warnings.Count);
    }

    [Fact]
    public async Task A_patch_that_says_something_twice_is_refused_when_asked()
    {
        await Api.SendAsync(HttpMethod.Post, Maps, """{"metadata":{"name":"twice"}}""", media: Json);

        var answer = await Api.SendAsync(
            HttpMethod.Patch,
            Maps + "/twice?fieldValidation=Strict",
            """{"data":{"k":"1","k":"2"}}""",
            media: "application/strategic-merge-patch+json"
        );

        Assert.Equal(422, answer.Status);
        Assert.Contains("map[data:map[k:2]]", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("duplicate field \"data.k\"", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_needs_micro_times()
    {
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

        var refused = await Api.SendAsync(
            HttpMethod.Post,
            leases,
            """{"metadata":{"name":"l"},"spec":{"renewTime":"2020-01-01T00:00:05Z"}}""",
            media: Json
        );
        var taken = await Api.SendAsync(
            HttpMethod.Post,
            leases,
            """{"metadata":{"name":"l"},"spec":{"renewTime":"2020-01-01T00:00:05.500000Z"}}""",
            media: Json
        );

        Assert.Equal(400, refused.Status);
        Assert.Equal("2020-01-01T00:00:05.500000Z", taken.Text("spec", "renewTime"));
    }

    [Fact]
    public async Task Owners_named_twice_are_warned_of_and_kept_once()
    {
        const string owner = """{"apiVersion":"v1","kind":"ConfigMap","name":"o","uid":"1"}""";

        var answer = await Api.SendAsync(
            HttpMethod.Post,
            Maps + "?dryRun=All",
            $$$"""{"metadata":{"name":"owned","ownerReferences":[{{{owner}}},{{{owner}}}]}}""",
            media: Json
        );

        Assert.Single(answer.At("metadata", "ownerReferences")!.AsArray());
        Assert.Contains("duplicate UID(s) observed: 1", Assert.Single(answer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_of_docker_must_be_json()
    {
        var answer = await Api.SendAsync(
            HttpMethod.Post,
            "/api/v1/namespaces/default/secrets",
            """{"metadata":{"name":"d"},"type":"kubernetes.io/dockercfg","stringData":{".dockercfg":"{"}}""",
            media: Json
        );

        Assert.Equal(422, answer.Status);
        Assert.EndsWith("unexpected end of JSON input", answer.Message, StringComparison.Ordinal);
    }
}
