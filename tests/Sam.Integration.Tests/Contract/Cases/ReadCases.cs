using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>What SAM relies on when it lists and watches.</summary>
public sealed class ReadCases(SharedCluster shared) : CaseTest(shared)
{
    private string Secrets => $"/api/v1/namespaces/{Home}/secrets";

    [Fact]
    public async Task A_watch_goes_on_where_the_list_ended()
    {
        await MadeAsync(Apps, App("one"));
        var list = await GetAsync(Apps);
        await PatchAsync($"{Apps}/one", """{"spec":{"drainTime":"5s"}}""");
        await MadeAsync(Apps, App("two"));
        await SendAsync(HttpMethod.Delete, $"{Apps}/one");

        var lines = await WatchAsync(Apps, $"resourceVersion={list["metadata.resourceVersion"]}", 3);

        Assert.Equal(("ComposeAppList", "sam.dev/v1alpha1"), (list["kind"], list["apiVersion"]));
        Assert.Equal(
            ["MODIFIED one", "ADDED two", "DELETED one"],
            lines.Select(line => $"{line["type"]} {line["object.metadata.name"]}")
        );
    }

    [Fact]
    public async Task A_watch_that_starts_anywhere_begins_with_what_is_there()
    {
        await MadeAsync(Apps, App("one"));

        var line = Assert.Single(await WatchAsync(Apps, "timeoutSeconds=60", 1));

        Assert.Equal(("ADDED", "one"), (line["type"], line["object.metadata.name"]));
    }

    [Fact]
    public async Task A_watch_from_long_ago_is_gone()
    {
        // Of a definition: its cache began after it, while that of a built-in kind may be as old as the server.
        var line = Assert.Single(await WatchAsync(Apps, "resourceVersion=1&timeoutSeconds=60", 1));

        Assert.Equal(("ERROR", "Status"), (line["type"], line["object.kind"]));
        Assert.Equal(("410", "Expired"), (line["object.code"], line["object.reason"]));
        Assert.StartsWith("too old resource version: 1 (", line["object.message"]);
    }

    [Theory]
    [InlineData("application/json", "ComposeApp")]
    [InlineData(Metadata, "PartialObjectMetadata")]
    public async Task Initial_events_end_with_a_bookmark_that_says_so(string accept, string kind)
    {
        await MadeAsync(Apps, App("one"));
        await MadeAsync(Apps, App("two"));

        var lines = await WatchAsync(
            Apps,
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
            3,
            accept
        );

        Assert.Equal(["ADDED", "ADDED", "BOOKMARK"], lines.Select(line => line["type"]));
        Assert.All(lines, line => Assert.Equal(kind, line["object.kind"]));
        var annotations = CaseAnswer.At(lines[2].Body, "object.metadata.annotations");
        Assert.Equal("true", annotations?["k8s.io/initial-events-end"]?.ToString());
        Assert.NotEqual("", lines[2]["object.metadata.resourceVersion"]);
    }

    [Fact]
    public async Task Initial_events_need_the_match_they_go_with()
    {
        var refused = await GetAsync($"{Apps}?watch=1&sendInitialEvents=true");

        Assert.Equal((422, "Invalid"), (refused.Code, refused["reason"]));
        Assert.Contains("resourceVersionMatch", refused["message"]);
    }

    [Fact]
    public async Task Secrets_are_listed_and_watched_without_their_data()
    {
        await MadeAsync(Secrets, """{"metadata":{"name":"keys"},"stringData":{"token":"hidden"}}""");

        var list = await GetAsync($"{Secrets}?fieldSelector=metadata.name%3Dkeys", MetadataList);
        var line = Assert.Single(await WatchAsync(Secrets, "fieldSelector=metadata.name%3Dkeys", 1, Metadata));

        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1"), (list["kind"], list["apiVersion"]));
        Assert.Equal("keys", Assert.Single(list.Of("items", "metadata.name")));
        Assert.Equal(("PartialObjectMetadata", "keys"), (line["object.kind"], line["object.metadata.name"]));
        Assert.All([list, line], answer => Assert.DoesNotContain("aGlkZGVu", answer.Body.ToJsonString()));
        Assert.NotEqual("", line["object.metadata.resourceVersion"]);
    }

    [Fact]
    public async Task Pages_are_of_one_moment_and_say_what_is_left()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await MadeAsync(Apps, App(name));

        var first = await GetAsync($"{Apps}?limit=2");
        await MadeAsync(Apps, App("d"));
        var token = Uri.EscapeDataString(first["metadata.continue"]);
        var second = await GetAsync($"{Apps}?limit=2&continue={token}");
        var bad = await GetAsync($"{Apps}?limit=2&continue=nonsense");

        Assert.Equal(("1", ""), (first["metadata.remainingItemCount"], second["metadata.continue"]));
        Assert.Equal(["a", "b"], first.Of("items", "metadata.name"));
        Assert.Equal(["c"], second.Of("items", "metadata.name"));
        Assert.Equal(first["metadata.resourceVersion"], second["metadata.resourceVersion"]);
        Assert.Equal((400, "BadRequest"), (bad.Code, bad["reason"]));
    }

    [Theory]
    [InlineData("colour=red", "one")]
    [InlineData("colour!=red", "two,three")]
    [InlineData("colour in (red,blue)", "one,two")]
    [InlineData("colour", "one,two")]
    [InlineData("!colour", "three")]
    [InlineData("colour=red,size=big", "")]
    public async Task Labels_select(string selector, string names)
    {
        await MadeAsync(Maps, Map("one", ",\"labels\":{\"colour\":\"red\",\"case\":\"1\"}"));
        await MadeAsync(Maps, Map("two", ",\"labels\":{\"colour\":\"blue\",\"case\":\"1\"}"));
        await MadeAsync(Maps, Map("three", ",\"labels\":{\"case\":\"1\"}"));

        var list = await GetAsync($"{Maps}?labelSelector={Uri.EscapeDataString($"case=1,{selector}")}");

        Assert.Equal(
            names.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            list.Of("items", "metadata.name")
        );
    }

    [Theory]
    [InlineData("spec.nodeRef.name=edge", 2)]
    [InlineData("spec.nodeRef.name=other", 0)]
    [InlineData("metadata.name=one", 1)]
    [InlineData("metadata.name!=one", 1)]
    [InlineData("status.applyState=", 2)]
    public async Task Fields_of_the_definition_select(string selector, int count)
    {
        await MadeAsync(Apps, App("one"));
        await MadeAsync(Apps, App("two"));

        var list = await GetAsync($"{Apps}?fieldSelector={Uri.EscapeDataString(selector)}");

        Assert.Equal((200, count), (list.Code, list.Of("items", "metadata.name").Count));
    }

    [Fact]
    public async Task Other_fields_do_not_select()
    {
        var refused = await GetAsync($"{Apps}?fieldSelector=spec.compose%3Da");

        Assert.Equal((400, "BadRequest"), (refused.Code, refused["reason"]));
        Assert.Contains("field label not supported: spec.compose", refused["message"]);
    }

    [Fact]
    public async Task What_no_longer_fits_a_selector_is_deleted_to_its_watch()
    {
        await MadeAsync(Maps, Map("one", ",\"labels\":{\"colour\":\"red\"}"));
        var version = (await GetAsync(Maps))["metadata.resourceVersion"];
        await PatchAsync($"{Maps}/one", """{"metadata":{"labels":{"colour":"blue"}}}""");
        await PatchAsync($"{Maps}/one", """{"metadata":{"labels":{"colour":"red"}}}""");

        var lines = await WatchAsync(Maps, $"labelSelector=colour%3Dred&resourceVersion={version}", 2);

        Assert.Equal(["DELETED", "ADDED"], lines.Select(line => line["type"]));
    }

    [Fact]
    public async Task A_table_has_the_columns_of_the_definition()
    {
        await MadeAsync(Apps, App("one"));
        await PatchAsync(
            $"{Apps}/one/status",
            """{"status":{"conditions":[{"type":"Ready","status":"False","reason":"Waiting","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}"""
        );

        var table = await GetAsync(Apps, Table);

        Assert.Equal("Table", table["kind"]);
        Assert.Equal(
            ["Name", "Ready", "Reason", "Node", "Release", "State", "URL", "Desired", "Message", "Age"],
            table.Of("columnDefinitions", "name")
        );
        Assert.Equal(["one", "False", "Waiting", "edge"], Enumerable.Range(0, 4).Select(cell => table[$"rows.0.cells.{cell}"]));
        Assert.Equal(("1", "PartialObjectMetadata"), (table["columnDefinitions.8.priority"], table["rows.0.object.kind"]));
    }
}
