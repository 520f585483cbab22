using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>What SAM relies on when it writes.</summary>
public sealed class WriteCases(SharedCluster shared) : CaseTest(shared)
{
    [Fact]
    public async Task A_name_that_is_taken_is_refused_as_such()
    {
        await MadeAsync(Apps, App("one"));

        var again = await PostAsync(Apps, App("one"));

        Assert.Equal((409, "AlreadyExists"), (again.Code, again["reason"]));
        Assert.Equal("composeapps.sam.dev \"one\" already exists", again["message"]);
        Assert.Equal(("one", "sam.dev", "composeapps"), (again["details.name"], again["details.group"], again["details.kind"]));
    }

    [Theory]
    [InlineData("", """{"spec":{"drainTime":"5s"}}""")]
    [InlineData("/status", """{"status":{"url":"https://a.example"}}""")]
    public async Task A_patch_with_an_old_version_conflicts(string subresource, string change)
    {
        var made = await MadeAsync(Apps, App("one"));
        await PatchAsync($"{Apps}/one", """{"metadata":{"labels":{"a":"b"}}}""");
        var stale = $$"""{"metadata":{"resourceVersion":"{{made["metadata.resourceVersion"]}}"},{{change[1..]}}""";

        var late = await PatchAsync($"{Apps}/one{subresource}", stale);

        Assert.Equal((409, "Conflict"), (late.Code, late["reason"]));
        Assert.Equal(
            "Operation cannot be fulfilled on composeapps.sam.dev \"one\": the object has been modified; please apply your changes to the latest version and try again",
            late["message"]
        );
    }

    [Fact]
    public async Task A_patch_without_a_version_writes_over()
    {
        await MadeAsync(Apps, App("one"));

        var written = await PatchAsync($"{Apps}/one/status", """{"status":{"url":"https://a.example"}}""");

        Assert.Equal((200, "https://a.example"), (written.Code, written["status.url"]));
    }

    [Fact]
    public async Task A_status_is_not_written_through_the_object_nor_the_other_way_round()
    {
        await MadeAsync(Apps, App("one"));

        var spec = await PatchAsync($"{Apps}/one", """{"spec":{"drainTime":"5s"},"status":{"url":"x"}}""");
        var status = await PatchAsync($"{Apps}/one/status", """{"spec":{"drainTime":"6s"},"status":{"url":"y"}}""");

        Assert.Equal(("5s", ""), (spec["spec.drainTime"], spec["status.url"]));
        Assert.Equal(("5s", "y"), (status["spec.drainTime"], status["status.url"]));
    }

    [Fact]
    public async Task The_generation_counts_changes_of_the_spec_alone()
    {
        var made = await MadeAsync(Apps, App("one"));

        var labelled = await PatchAsync($"{Apps}/one", """{"metadata":{"labels":{"a":"b"}}}""");
        var status = await PatchAsync($"{Apps}/one/status", """{"status":{"url":"y"}}""");
        var same = await PatchAsync($"{Apps}/one", """{"spec":{"drainTime":"10s"}}""");
        var changed = await PatchAsync($"{Apps}/one", """{"spec":{"drainTime":"5s"}}""");

        string[] seen = [.. new[] { made, labelled, status, same, changed }.Select(answer => answer["metadata.generation"])];
        Assert.Equal(["1", "1", "1", "1", "2"], seen);
        Assert.Equal(status["metadata.resourceVersion"], same["metadata.resourceVersion"]); // nothing changed, nothing written
    }

    [Theory]
    [InlineData("composeapps")]
    [InlineData("deploymentnodes")]
    [InlineData("machines")]
    [InlineData("projects")]
    public async Task A_new_object_says_that_nobody_observed_it(string plural)
    {
        var body = plural switch
        {
            "composeapps" => App("one"),
            "machines" => MachineOf("one"),
            "projects" => """{"apiVersion":"sam.dev/v1alpha1","kind":"Project","metadata":{"name":"one"},"spec":{}}""",
            _ =>
                """{"apiVersion":"sam.dev/v1alpha1","kind":"DeploymentNode","metadata":{"name":"one"},"spec":{"projectRef":{"name":"shop"},"domain":"apps.example.com"}}""",
        };

        var made = await MadeAsync(Sam(plural), body);
        var removed = await PatchAsync($"{Sam(plural)}/one/status", """{"status":null}""");

        Assert.Equal("-1", made["status.observedGeneration"]);
        Assert.Equal("-1", removed["status.observedGeneration"]);
    }

    [Fact]
    public async Task A_dry_run_answers_and_stores_nothing()
    {
        var made = await PostAsync($"{Apps}?dryRun=All", App("one"));

        Assert.Equal((201, "10s"), (made.Code, made["spec.drainTime"]));
        Assert.NotEqual("", made["metadata.uid"]);
        Assert.Equal("", made["metadata.resourceVersion"]);
        Assert.Equal(404, (await GetAsync($"{Apps}/one")).Code);
        Assert.Equal(422, (await PostAsync($"{Apps}?dryRun=All", App("one", "\"drainTime\":\"never\""))).Code);
    }

    [Fact]
    public async Task A_generated_name_is_the_prefix_and_five_characters()
    {
        var body = MachineOf("x").Replace("\"name\":\"x\"", "\"generateName\":\"edge-\"", StringComparison.Ordinal);

        var first = await MadeAsync(Machines, body);
        var second = await MadeAsync(Machines, body);

        Assert.Matches("^edge-[a-z0-9]{5}$", first["metadata.name"]);
        Assert.NotEqual(first["metadata.name"], second["metadata.name"]);
    }

    [Fact]
    public async Task A_json_patch_whose_test_fails_changes_nothing()
    {
        await MadeAsync(Apps, App("one"));

        var refused = await PatchAsync(
            $"{Apps}/one",
            """[{"op":"test","path":"/spec/drainTime","value":"1h"},{"op":"replace","path":"/spec/drainTime","value":"2h"}]""",
            JsonPatch
        );

        Assert.Equal((422, "Invalid"), (refused.Code, refused["reason"]));
        Assert.Equal("10s", (await GetAsync($"{Apps}/one"))["spec.drainTime"]);
    }

    [Fact]
    public async Task A_strategic_patch_is_not_for_custom_resources()
    {
        await MadeAsync(Apps, App("one"));

        var refused = await PatchAsync($"{Apps}/one", """{"spec":{}}""", "application/strategic-merge-patch+json");

        Assert.Equal((415, "UnsupportedMediaType"), (refused.Code, refused["reason"]));
    }

    [Theory]
    [InlineData("Strict", 400)]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    public async Task An_unknown_field_is_dropped_unless_validation_is_strict(string validation, int code)
    {
        var answer = await PostAsync($"{Apps}?fieldValidation={validation}", App("one", "\"compose\":\"x\",\"colour\":\"red\""));

        Assert.Equal(code, answer.Code);
        Assert.Equal("", answer["spec.colour"]);
        Assert.Equal(code == 400, answer["message"].EndsWith("unknown field \"spec.colour\"", StringComparison.Ordinal));
    }
}
