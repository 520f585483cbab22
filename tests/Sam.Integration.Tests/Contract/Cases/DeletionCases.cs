using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>What SAM relies on when things end.</summary>
public sealed class DeletionCases(SharedCluster shared) : CaseTest(shared)
{
    private const string Held = ",\"finalizers\":[\"sam.dev/hold\"]";

    [Fact]
    public async Task A_finalizer_keeps_an_object_until_it_is_taken_off()
    {
        await MadeAsync(Apps, App("one", more: Held));

        var deleted = await SendAsync(HttpMethod.Delete, $"{Apps}/one");
        var held = await GetAsync($"{Apps}/one");
        var freed = await PatchAsync($"{Apps}/one", """{"metadata":{"finalizers":null}}""");

        Assert.Equal((200, "ComposeApp"), (deleted.Code, deleted["kind"]));
        Assert.NotEqual("", held["metadata.deletionTimestamp"]);
        Assert.Equal(("0", "2"), (held["metadata.deletionGracePeriodSeconds"], held["metadata.generation"]));
        Assert.Equal(200, freed.Code);
        Assert.Equal(404, (await GetAsync($"{Apps}/one")).Code);
    }

    [Fact]
    public async Task No_finalizer_is_added_to_what_ends_but_its_status_is_still_written()
    {
        await MadeAsync(Apps, App("one", more: Held));
        await SendAsync(HttpMethod.Delete, $"{Apps}/one");

        var status = await PatchAsync($"{Apps}/one/status", """{"status":{"url":"x"}}""");
        var added = await PatchAsync($"{Apps}/one", """{"metadata":{"finalizers":["sam.dev/hold","sam.dev/more"]}}""");

        Assert.Equal((200, "x"), (status.Code, status["status.url"]));
        Assert.Equal((422, "Invalid"), (added.Code, added["reason"]));
        Assert.Contains("no new finalizers can be added if the object is being deleted", added["message"]);
        await PatchAsync($"{Apps}/one", """{"metadata":{"finalizers":null}}""");
    }

    [Theory]
    [InlineData("uid", "00000000-0000-0000-0000-000000000001", "the UID in the precondition")]
    [InlineData("resourceVersion", "1", "the ResourceVersion in the precondition")]
    public async Task A_precondition_that_does_not_hold_keeps_the_object(string name, string value, string message)
    {
        var made = await MadeAsync(Apps, App("one"));
        var uid = made["metadata.uid"];

        var refused = await EndAsync($"\"{name}\":\"{value}\"");
        var deleted = await EndAsync($"\"uid\":\"{uid}\",\"resourceVersion\":\"{made["metadata.resourceVersion"]}\"");

        Assert.Equal((409, "Conflict"), (refused.Code, refused["reason"]));
        Assert.Contains(message, refused["message"]);
        Assert.Equal((200, "Success", uid), (deleted.Code, deleted["status"], deleted["details.uid"]));
    }

    [Fact]
    public async Task A_dry_run_deletes_nothing()
    {
        await MadeAsync(Apps, App("one"));

        var tried = await SendAsync(HttpMethod.Delete, $"{Apps}/one?dryRun=All");

        Assert.Equal(200, tried.Code);
        Assert.Equal(200, (await GetAsync($"{Apps}/one")).Code);
    }

    [Fact]
    public async Task A_collection_is_deleted_by_label()
    {
        await MadeAsync(Maps, Map("one", ",\"labels\":{\"colour\":\"red\"}"));
        await MadeAsync(Maps, Map("two", ",\"labels\":{\"colour\":\"blue\"}"));

        var deleted = await SendAsync(HttpMethod.Delete, $"{Maps}?labelSelector=colour%3Dred");

        Assert.Equal(200, deleted.Code);
        Assert.Equal((404, 200), ((await GetAsync($"{Maps}/one")).Code, (await GetAsync($"{Maps}/two")).Code));
    }

    [Fact]
    public async Task What_is_gone_is_not_found_again()
    {
        var again = await SendAsync(HttpMethod.Delete, $"{Apps}/one");

        Assert.Equal((404, "NotFound"), (again.Code, again["reason"]));
    }

    private Task<CaseAnswer> EndAsync(string preconditions) =>
        SendAsync(
            HttpMethod.Delete,
            $"{Apps}/one",
            $$$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{{{{preconditions}}}}}"""
        );
}
