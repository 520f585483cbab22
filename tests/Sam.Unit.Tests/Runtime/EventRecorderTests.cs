using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Events;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;

namespace Sam.Unit.Tests.Runtime;

public sealed class EventRecorderTests : IAsyncDisposable
{
    private const string Collection = "/apis/events.k8s.io/v1/namespaces/a/events";
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly EventRecorder _recorder;
    private readonly Task _run;
    private readonly Thing _thing = new()
    {
        ApiVersion = "test.dev/v1",
        Kind = "Thing",
        Metadata = new V1ObjectMeta
        {
            Name = "one",
            NamespaceProperty = "a",
            Uid = "u1",
        },
    };

    public EventRecorderTests()
    {
        _recorder = new EventRecorder(
            "test-operator",
            "pod-1",
            new KubernetesResourceClient<Eventsv1Event>(_cluster, new AlwaysLeader(), []),
            new EventMetrics(Metrics.NewCustomRegistry()),
            new Random(1),
            _clock,
            NullLogger<EventRecorder>.Instance
        );
        _run = _recorder.RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _recorder.Complete();
        await _run;
    }

    [Fact]
    public async Task An_event_names_its_object_and_its_reporter()
    {
        _recorder.Record(_thing, "Refused", "No such colour", isWarning: true);

        await Eventually.True(() => Written().Count == 1, "the event");
        var written = Written()[0];
        Assert.Equal("Warning", written["type"]!.GetValue<string>());
        Assert.Equal("Refused", written["reason"]!.GetValue<string>());
        Assert.Equal("No such colour", written["note"]!.GetValue<string>());
        Assert.Equal("u1", written["regarding"]!["uid"]!.GetValue<string>());
        Assert.Equal("test-operator", written["reportingController"]!.GetValue<string>());
        Assert.Equal("Reconcile", written["action"]!.GetValue<string>());
        Assert.NotNull(written["eventTime"]);
    }

    [Fact]
    public async Task Repeats_are_one_series_written_at_once_and_then_once_a_minute()
    {
        for (var i = 0; i < 50; i++)
            _recorder.Record(_thing, "Refused", "No such colour");
        await Eventually.True(() => _cluster.Writes() == 2, "the event and its series");
        Assert.Equal(2, Count());

        _clock.Advance(TimeSpan.FromMinutes(1));

        await Eventually.True(() => Count() == 50, "the whole count");
        Assert.Equal(3, _cluster.Writes());
        Assert.Single(Written());
    }

    [Fact]
    public async Task Another_message_is_another_event()
    {
        _recorder.Record(_thing, "Refused", "No red");
        _recorder.Record(_thing, "Refused", "No blue");

        await Eventually.True(() => Written().Count == 2, "two events");
    }

    [Fact]
    public async Task A_refusal_is_swallowed_and_the_next_event_is_written()
    {
        _cluster.Fault = _ => MemoryCluster.Refuse(403, "Forbidden"); // as a namespace that terminates answers
        _recorder.Record(_thing, "Lost", "Nobody hears");
        await Eventually.True(() => _cluster.Requests.Count == 1, "the refused write");
        _cluster.Fault = _ => null;

        _recorder.Record(_thing, "Heard", "Somebody hears");

        await Eventually.True(() => Written().Count == 1, "the next event");
        Assert.Equal("Heard", Written()[0]["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_last_words_are_written_before_the_end()
    {
        for (var i = 0; i < 10; i++)
            _recorder.Record(_thing, "Refused", "No such colour");

        _recorder.Complete();
        await _run;

        Assert.Equal(10, Count());
    }

    private IReadOnlyList<JsonObject> Written() => _cluster.All(Collection);

    private int Count() => Written().Single()["series"]?["count"]?.GetValue<int>() ?? 1;
}
