using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Events;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

/// <summary>What the API server refuses, and what nobody wants to read a thousand times.</summary>
public sealed class EventLimitsTests : IAsyncDisposable
{
    private const string InNamespace = "/apis/events.k8s.io/v1/namespaces/a/events";
    private const string InDefault = "/apis/events.k8s.io/v1/namespaces/default/events";
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly EventRecorder _recorder;
    private readonly Task _run;

    public EventLimitsTests()
    {
        _recorder = new EventRecorder(
            "test-operator",
            "pod-1",
            new KubernetesResourceClient<Eventsv1Event>(_cluster, new AlwaysLeader(), []),
            new EventMetrics(_registry),
            new Random(1),
            _clock,
            NullLogger<EventRecorder>.Instance
        );
        _run = _recorder.RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _recorder.Complete();
        _cluster.Fault = _ => null;
        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _run.IsCompleted;
            },
            "the recorder ends"
        );
    }

    [Theory, InlineData("ü"), InlineData("🚀"), InlineData("x")]
    public async Task A_note_is_cut_to_1024_bytes_and_never_within_a_character(string character)
    {
        _recorder.Record(Thing(), "Refused", string.Concat(Enumerable.Repeat(character, 2000)));

        await Eventually.True(() => Written().Count == 1, "the event");
        var note = Written()[0]["note"]!.GetValue<string>();
        Assert.InRange(Encoding.UTF8.GetByteCount(note), 1000, 1024);
        Assert.DoesNotContain('\uFFFD', note);
        Assert.EndsWith("…", note);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(1_234_567), InlineData(5_000_000), InlineData(9_999_999)]
    public async Task Times_have_six_digits_as_a_MicroTime_must(long ticks)
    {
        _clock.Advance(TimeSpan.FromTicks(ticks));
        _recorder.Record(Thing(), "Refused", "No");
        _recorder.Record(Thing(), "Refused", "No");

        await Eventually.True(() => Written().SingleOrDefault()?["series"] is not null, "the series");
        Assert.Matches(@"\.\d{6}Z$", Written()[0]["eventTime"]!.GetValue<string>());
        Assert.Matches(@"\.\d{6}Z$", Written()[0]["series"]!["lastObservedTime"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_about_an_object_outside_namespaces_lives_in_default()
    {
        var node = new V1Node
        {
            Kind = "Node",
            ApiVersion = "v1",
            Metadata = new V1ObjectMeta { Name = "n1", Uid = "u2" },
        };

        _recorder.Record(node, "Refused", "No");

        await Eventually.True(() => _cluster.All(InDefault).Count == 1, "the event");
        Assert.Null(_cluster.All(InDefault)[0]["regarding"]!["namespace"]);
    }

    [Theory, InlineData(403, """{"causes":[{"reason":"NamespaceTerminating"}]}"""), InlineData(404, """{"kind":"namespaces"}""")]
    public async Task A_namespace_that_ends_swallows_its_events_and_they_are_counted(int code, string details)
    {
        _cluster.Fault = request =>
            request.Path.StartsWith(InNamespace, StringComparison.Ordinal) ? Refusal(code, details) : null;
        _recorder.Record(Thing(), "Lost", "Nobody hears");

        await Eventually.True(() => Counted("namespace_terminating") == 1, "the count");

        Assert.Single(_cluster.Requests);
        Assert.Equal(0, Counted("failed"));
    }

    [Fact]
    public async Task A_fault_that_time_mends_is_tried_again_but_not_for_ever()
    {
        _cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
        _recorder.Record(Thing(), "Lost", "Nobody hears");

        await AdvanceUntilAsync(() => Counted("failed") == 1, "the end of the tries");
        Assert.Equal(4, _cluster.Requests.Count);
        _recorder.Record(Thing(), "Delayed", "Heard late");
        await Eventually.True(() => _cluster.Sent("POST").Count == 5, "the first try");
        _cluster.Fault = _ => null;

        await AdvanceUntilAsync(() => Written().Count == 1, "the next event");
    }

    [Fact]
    public async Task A_thousand_wordings_of_one_reason_become_one_event()
    {
        for (var i = 0; i < 500; i++)
            _recorder.Record(Thing(), "Refused", $"No {i}");
        await Eventually.True(() => Counted("folded") == 489, "all taken");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.True(() => Written().Exists(entity => Count(entity) == 490), "the whole count");

        Assert.Equal(11, Written().Count);
        var combined = Assert.Single(Written(), entity => Count(entity) > 1);
        Assert.StartsWith("(combined from similar events): No ", combined["note"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_series_ends_after_six_silent_minutes()
    {
        _recorder.Record(Thing(), "Refused", "No");
        _recorder.Record(Thing(), "Refused", "No");
        await Eventually.True(() => _cluster.Writes() == 2, "the series");
        _clock.Advance(TimeSpan.FromMinutes(6));

        _recorder.Record(Thing(), "Refused", "No");

        await Eventually.True(() => Written().Count == 2, "a new event");
    }

    [Fact]
    public async Task A_recorder_that_cannot_keep_up_drops_the_oldest_and_counts_them()
    {
        using var gate = new ManualResetEventSlim();
        _cluster.Before = _ => gate.Wait(TestContext.Current.CancellationToken);
        _recorder.Record(Thing("first"), "Refused", "No");
        await Task.Yield();

        for (var i = 0; i < 1500; i++)
            _recorder.Record(Thing($"t{i}"), "Refused", "No");

        Assert.InRange(Counted("dropped"), 499, 501);
        gate.Set();
        await Eventually.True(() => Written().Exists(entity => Name(entity) == "t1499"), "the newest");
    }

    private static Thing Thing(string name = "one") =>
        new()
        {
            ApiVersion = "test.dev/v1",
            Kind = "Thing",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = "a",
                Uid = $"uid-{name}",
            },
        };

    private static TransportResponse Refusal(int code, string details) =>
        new(
            code,
            new MemoryStream(
                Encoding.UTF8.GetBytes(
                    $$"""{"kind":"Status","code":{{code}},"reason":"Forbidden","message":"refused","details":{{details}}}"""
                )
            )
        );

    private List<JsonObject> Written() => [.. _cluster.All(InNamespace)];

    private static int Count(JsonObject entity) => entity["series"]?["count"]?.GetValue<int>() ?? 1;

    private static string Name(JsonObject entity) => entity["regarding"]!["name"]!.GetValue<string>();

    private double Counted(string result) => _registry.ValueOf("event_recorder_events_total", ("result", result));

    private Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            what
        );
}
