using System.Text.Json.Nodes;
using Sam.Testing;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>The forms of a watch, and when it says how far it has come.</summary>
public sealed class WatchFormTests : DevClusterTest
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "PartialObjectMetadata")]
    [InlineData("&includeObject=Object", "ConfigMap")]
    [InlineData("&includeObject=None", null)]
    public async Task A_watch_as_tables_names_its_columns_once(string include, string? kind)
    {
        await CreateAsync(Maps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}");
        await CreateAsync(Maps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");

        var lines = await WatchAsync(
            $"{Maps}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name!=kube-root-ca.crt{include}",
            "application/json;as=Table;v=v1;g=meta.k8s.io"
        );

        Assert.Equal(["ADDED", "ADDED"], lines.Select(line => (string?)line["type"]));
        var tables = lines.Select(line => line["object"]!).ToList();
        Assert.Equal(
            ["Name", "Data", "Age"],
            tables[0]["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"])
        );
        Assert.Null(tables[1]["columnDefinitions"]);
        Assert.Equal(["a", "1"], tables[0]["rows"]![0]!["cells"]!.AsArray().Take(2).Select(cell => cell!.ToString()));
        Assert.All(tables, table => Assert.Equal(kind, (string?)table["rows"]![0]!["object"]?["kind"]));
    }

    [Fact]
    public async Task One_object_is_watched_by_its_name_or_the_old_path_and_not_by_its_own()
    {
        await CreateAsync(Maps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        var selected = await WatchAsync($"{Maps}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=a");
        var old = await WatchAsync("/api/v1/watch/namespaces/default/configmaps/a?timeoutSeconds=1");
        var own = await Api.GetAsync($"{Maps}/a?watch=1&timeoutSeconds=1");

        Assert.Equal("a", (string?)Assert.Single(selected)["object"]!["metadata"]!["name"]);
        Assert.Equal("a", (string?)Assert.Single(old)["object"]!["metadata"]!["name"]);
        Assert.Equal("ConfigMap", own.Text("kind"));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public async Task A_watch_that_ends_says_before_where_to_go_on(int seconds, int bookmarks)
    {
        var lines = await WatchAsync(
            $"{Maps}?watch=1&timeoutSeconds={seconds}&allowWatchBookmarks=true&fieldSelector=metadata.name=none"
        );

        Assert.Equal(Enumerable.Repeat("BOOKMARK", bookmarks), lines.Select(line => (string?)line["type"]));
    }

    [Fact]
    public async Task A_namespace_that_cannot_end_says_what_keeps_it()
    {
        await CreateAsync("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: kept}}");
        await CreateAsync(
            "/api/v1/namespaces/kept/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [example.com/hold]}}"
        );

        await Api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/kept", null);

        await Poll.UntilAsync(
            async () => (await ConditionsAsync()).Contains("NamespaceFinalizersRemaining=True"),
            () => Task.FromResult("the namespace never says what keeps it"),
            Cancel
        );
        Assert.Contains("NamespaceContentRemaining=True", await ConditionsAsync());
        await Api.SendAsync(
            HttpMethod.Patch,
            "/api/v1/namespaces/kept/configmaps/a",
            """{"metadata":{"finalizers":null}}""",
            media: "application/merge-patch+json"
        );
        await Poll.UntilAsync(
            async () => (await Api.GetAsync("/api/v1/namespaces/kept")).Status == 404,
            () => Task.FromResult("the namespace never ends"),
            Cancel
        );
    }

    private async Task<List<string>> ConditionsAsync() =>
        [
            .. ((await Api.GetAsync("/api/v1/namespaces/kept")).At("status", "conditions") as JsonArray ?? []).Select(condition =>
                $"{condition!["type"]}={condition["status"]}"
            ),
        ];

    private async Task<List<JsonNode>> WatchAsync(string path, string accept = "application/json")
    {
        using var api = new RawApi(Server);
        using var answer = await api.GetAsync(path, ("Accept", accept));
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
