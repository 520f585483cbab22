using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>Leases that one holder has, and events that count.</summary>
public sealed class LeaseAndEventCases(SharedCluster shared) : CaseTest(shared)
{
    private string Leases => $"/apis/coordination.k8s.io/v1/namespaces/{Home}/leases";

    private string Events => $"/apis/events.k8s.io/v1/namespaces/{Home}/events";

    [Fact]
    public async Task Of_two_that_take_a_lease_at_the_same_version_one_does()
    {
        var made = await MadeAsync(Leases, Lease("", "\"holderIdentity\":\"\",\"leaseDurationSeconds\":15"));
        var version = $"\"resourceVersion\":\"{made["metadata.resourceVersion"]}\",";

        var first = await SendAsync(HttpMethod.Put, $"{Leases}/sam", Lease(version, "\"holderIdentity\":\"a\""));
        var second = await SendAsync(HttpMethod.Put, $"{Leases}/sam", Lease(version, "\"holderIdentity\":\"b\""));

        Assert.Equal((200, "a"), (first.Code, first["spec.holderIdentity"]));
        Assert.Equal((409, "Conflict"), (second.Code, second["reason"]));
        Assert.Equal("a", (await GetAsync($"{Leases}/sam"))["spec.holderIdentity"]);
    }

    [Fact]
    public async Task Of_two_that_create_a_lease_one_does()
    {
        await MadeAsync(Leases, Lease("", "\"holderIdentity\":\"a\""));

        var second = await PostAsync(Leases, Lease("", "\"holderIdentity\":\"b\""));

        Assert.Equal((409, "AlreadyExists"), (second.Code, second["reason"]));
    }

    [Theory]
    [InlineData("\"leaseDurationSeconds\":0", "spec.leaseDurationSeconds")]
    [InlineData("\"leaseTransitions\":-1", "spec.leaseTransitions")]
    public async Task A_lease_without_sense_is_refused(string spec, string field)
    {
        var refused = await PostAsync(Leases, Lease("", spec));

        Assert.Equal((422, field), (refused.Code, refused["details.causes.0.field"]));
    }

    [Fact]
    public async Task Times_of_a_lease_keep_their_microseconds()
    {
        var made = await MadeAsync(Leases, Lease("", "\"renewTime\":\"2026-01-02T03:04:05.678901Z\""));

        Assert.Contains("2026-01-02T03:04:05.678901Z", made.Body.ToJsonString());
    }

    [Fact]
    public async Task A_repeated_event_becomes_a_series_and_shows_in_both_groups()
    {
        await MadeAsync(Events, Event());

        var series = await PatchAsync(
            $"{Events}/one.1",
            """{"series":{"count":2,"lastObservedTime":"2026-01-01T00:01:00.000000Z"}}"""
        );
        var changed = await PatchAsync($"{Events}/one.1", """{"note":"other"}""");
        var core = await GetAsync($"/api/v1/namespaces/{Home}/events/one.1");

        Assert.Equal((200, "2"), (series.Code, series["series.count"]));
        Assert.Equal((422, "Invalid"), (changed.Code, changed["reason"]));
        Assert.Equal(("m", "one", "2"), (core["message"], core["involvedObject.name"], core["series.count"]));
    }

    [Theory]
    [InlineData("action")]
    [InlineData("reason")]
    [InlineData("eventTime")]
    [InlineData("reportingInstance")]
    public async Task An_event_without_what_it_needs_is_refused(string missing)
    {
        var refused = await PostAsync(Events, Event().Replace($"\"{missing}\":", "\"x\":", StringComparison.Ordinal));

        Assert.Equal((422, missing), (refused.Code, refused["details.causes.0.field"]));
        Assert.Equal("FieldValueRequired", refused["details.causes.0.reason"]);
    }

    private static string Lease(string metadata, string spec) =>
        $$"""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{ {{metadata}} "name":"sam"},"spec":{ {{spec}} } }""";

    private string Event() =>
        $$"""
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"one.1"},"eventTime":"2026-01-01T00:00:00.000000Z",
            "reportingController":"sam.dev/operator","reportingInstance":"sam-0","action":"Create","reason":"Made","note":"m","type":"Normal",
            "regarding":{"apiVersion":"sam.dev/v1alpha1","kind":"ComposeApp","namespace":"{{Home}}","name":"one"} }
            """;
}
