using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>Server-side apply, which SAM, Argo CD and Flux use.</summary>
public sealed class ApplyCases(SharedCluster shared) : CaseTest(shared)
{
    private const string Drain = "\"compose\":\"a\",\"drainTime\":\"5s\"";

    [Fact]
    public async Task Applying_creates_and_the_same_again_writes_nothing()
    {
        var first = await ApplyAsync("sam", App("one", Drain));
        var second = await ApplyAsync("sam", App("one", Drain));

        Assert.Equal((201, 200), (first.Code, second.Code));
        Assert.Equal(first["metadata.resourceVersion"], second["metadata.resourceVersion"]);
        Assert.Equal(("sam", "Apply"), (first["metadata.managedFields.0.manager"], first["metadata.managedFields.0.operation"]));
    }

    [Fact]
    public async Task Somebody_elses_field_is_a_conflict_until_it_is_forced()
    {
        await ApplyAsync("sam", App("one", Drain));
        var other = App("one", Drain.Replace("5s", "6s", StringComparison.Ordinal));

        var refused = await ApplyAsync("flux", other);
        var forced = await ApplyAsync("flux", other, "&force=true");
        var late = await ApplyAsync("sam", App("one", Drain));

        Assert.Equal((409, "Conflict"), (refused.Code, refused["reason"]));
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"sam\"", refused["message"]);
        Assert.Equal(
            ("FieldManagerConflict", ".spec.drainTime"),
            (refused["details.causes.0.reason"], refused["details.causes.0.field"])
        );
        Assert.Equal((200, "6s"), (forced.Code, forced["spec.drainTime"]));
        Assert.Equal(409, late.Code);
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_goes_back_to_its_default()
    {
        await ApplyAsync("sam", App("one", Drain));

        var less = await ApplyAsync("sam", App("one", "\"compose\":\"a\""));

        Assert.Equal((200, "10s"), (less.Code, less["spec.drainTime"]));
    }

    [Fact]
    public async Task Two_managers_share_a_list_with_keys()
    {
        await ApplyAsync("sam", App("one", "\"compose\":\"a\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]"));

        var both = await ApplyAsync("flux", App("one", "\"compose\":\"a\",\"env\":[{\"name\":\"B\",\"value\":\"2\"}]"));

        Assert.Equal(["A", "B"], both.Of("spec.env", "name"));
    }

    [Fact]
    public async Task An_apply_names_its_manager()
    {
        var refused = await PatchAsync($"{Apps}/one", App("one"), Apply);

        Assert.Equal(422, refused.Code);
        Assert.Contains("fieldManager: Required value: is required for apply patch", refused["message"]);
    }

    private Task<CaseAnswer> ApplyAsync(string manager, string body, string more = "") =>
        PatchAsync($"{Apps}/one?fieldManager={manager}{more}", body, Apply);
}
