using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Everything as the beginning of the watch, and what happens where the server cannot do that.</summary>
public sealed class InformerStreamTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _told = [];
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private ObjectStore<Thing> _store = new([]);
    private Task _run = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    [Fact]
    public async Task One_request_brings_everything_and_every_change_after_it()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        _cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b"));

        await StartAsync();
        _cluster.Put(Thing.Path("three"), Thing.Json("three"));

        await Eventually.True(() => _store.Count == 3, "the change");
        Assert.Equal(["+one", "+two", "+three"], Told());
        var request = Assert.Single(_cluster.Sent("GET"));
        Assert.Contains("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", request);
        Assert.Contains("allowWatchBookmarks=true", request);
        Assert.DoesNotContain("resourceVersion=", request);
        Assert.Null(_store.Get("a", "one")!.Metadata.ManagedFields);
        Assert.Equal(3, _registry.ValueOf("informer_objects", ("resource", "things.test.dev"), ("view", "whole")));
    }

    [Fact]
    public async Task An_ended_stream_goes_on_from_its_bookmark()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await StartAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));

        _cluster.EndWatches();

        await Eventually.True(() => _cluster.Sent("GET").Count == 2, "a second watch");
        Assert.EndsWith("&resourceVersion=101", _cluster.Sent("GET")[^1]);
        Assert.Equal(["+one"], Told());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_version_that_is_too_old_is_streamed_again_and_deletes_are_told(bool asEvent)
    {
        _cluster.Put(Thing.Path("stays"), Thing.Json("stays"));
        _cluster.Put(Thing.Path("goes"), Thing.Json("goes"));
        await StartAsync();
        _cluster.Remove(Thing.Path("goes"), silently: true);
        _cluster.Compact();
        _clock.Advance(TimeSpan.FromMinutes(1)); // a watch that ends at once would be repeated after a pause
        if (asEvent)
            _cluster.SendLine(JsonNode.Parse("""{"type":"ERROR","object":{"kind":"Status","reason":"Expired"}}""")!.AsObject());
        else
            _cluster.EndWatches();

        await Eventually.True(() => _store.Count == 1, "the second stream");

        Assert.Equal(["+goes", "+stays", "-goes"], Told());
        Assert.Equal(1, Ends("expired"));
        Assert.Equal(2, Lists("stream"));
    }

    [Fact]
    public async Task A_server_that_refuses_is_listed_in_pages_and_never_asked_again()
    {
        _cluster.Streams = Streaming.Refused;
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await StartAsync();

        for (var i = 2; i <= 3; i++)
        {
            _cluster.Compact();
            _cluster.SendLine(JsonNode.Parse("""{"type":"ERROR","object":{"kind":"Status","code":410}}""")!.AsObject());
            await AdvanceUntilAsync(() => Lists("pages") >= i, $"list {i}");
        }

        Assert.Single(_cluster.Sent("GET"), request => request.Contains("sendInitialEvents", StringComparison.Ordinal));
        Assert.Equal(0, Lists("stream"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_server_that_ignores_the_parameter_is_noticed(bool neverEnds)
    {
        _cluster.Streams = neverEnds ? Streaming.NeverEnds : Streaming.IgnoredWithBookmark;
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));

        await StartAsync();

        Assert.Equal(["+one"], Told());
        Assert.Equal(1, Lists("pages"));
    }

    [Fact]
    public async Task An_outage_before_the_end_of_the_initial_events_is_no_verdict_about_the_server()
    {
        _cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
        _run = Make().RunAsync(_stop.Token);
        await AdvanceUntilAsync(() => _cluster.Sent("GET").Count >= 3, "three tries");
        var tries = _cluster.Sent("GET").Count;
        _cluster.Fault = _ => null;
        await AdvanceUntilAsync(() => _cluster.Sent("GET").Count > tries, "the next try");

        await Eventually.True(() => Lists("stream") == 1, "the stream");

        Assert.Equal(0, Lists("pages"));
    }

    [Fact]
    public async Task Selectors_reach_the_server_in_streams_and_in_lists()
    {
        _cluster.Streams = Streaming.Refused;
        await StartAsync(
            new InformerOptions { LabelSelector = "tier in (a,b)", FieldSelector = "metadata.name!=x" },
            new InformerSelection<Thing>("tier in (a,b)", "metadata.name!=x")
        );

        Assert.All(
            _cluster.Sent("GET"),
            request => Assert.Contains("labelSelector=tier%20in%20%28a%2Cb%29&fieldSelector=metadata.name%21%3Dx", request)
        );
        Assert.Equal(3, _cluster.Sent("GET").Count);
    }

    [Fact]
    public async Task Our_own_write_of_what_is_not_selected_does_not_enter_the_cache()
    {
        await StartAsync(new InformerOptions { LabelSelector = "tier=a" }, new InformerSelection<Thing>("tier=a"));

        _store.Seen(
            new Thing
            {
                Metadata = new V1ObjectMeta
                {
                    Name = "unselected",
                    NamespaceProperty = "a",
                    ResourceVersion = "999",
                },
            }
        );

        Assert.Null(_store.Get("a", "unselected"));
    }

    [Fact]
    public async Task Metadata_informers_ask_for_metadata_in_lists_and_watches()
    {
        var accepted = new List<string>();
        _cluster.Streams = Streaming.Refused;
        _cluster.Before = request =>
        {
            lock (accepted)
                accepted.Add(request.Accept);
        };
        var informer = new Informer<MetadataOf<V1Secret>>(
            _cluster,
            new ObjectStore<MetadataOf<V1Secret>>([]),
            new InformerOptions(),
            new Random(1),
            _clock,
            NullLogger<Informer<MetadataOf<V1Secret>>>.Instance,
            new InformerMetrics(_registry)
        );

        _run = informer.RunAsync(_stop.Token);
        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _cluster.OpenWatches == 1, "the watch");

        Assert.Collection(
            accepted,
            stream => Assert.StartsWith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", stream),
            list => Assert.StartsWith("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", list),
            watch => Assert.StartsWith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", watch)
        );
        Assert.Equal(0, _registry.ValueOf("informer_objects", ("resource", "secrets"), ("view", "metadata")));
    }

    [Fact]
    public async Task Versions_that_are_no_numbers_break_nothing()
    {
        _cluster.VersionPrefix = "etcd-";
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await StartAsync();
        var client = new KubernetesResourceClient<Thing>(_cluster, new AlwaysLeader(), [_store]);

        for (var i = 0; i < 5; i++)
        {
            var patch = $$$"""{"spec":{"color":"c{{{i}}}"}}""";
            await client.MergePatchAsync("a", "one", patch, null, TestContext.Current.CancellationToken);
        }

        await Eventually.True(() => _store.Get("a", "one")!.Spec.Color == "c4", "the last write");
        _cluster.Remove(Thing.Path("one"));
        await Eventually.True(() => _store.Count == 0, "the delete");
        _cluster.Compact();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _cluster.EndWatches();
        await Eventually.True(() => Lists("stream") == 2, "the list after it");
    }

    [Fact]
    public async Task Silence_is_shown_and_ends_with_the_next_bookmark()
    {
        await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(42));
        Assert.Equal(42, Silence());

        _cluster.SendBookmarks();

        await Eventually.True(() => Silence() == 0, "a sign of life");
    }

    private Informer<Thing> Make(InformerOptions? options = null, InformerSelection<Thing>? selection = null)
    {
        _store = new ObjectStore<Thing>([], selection);
        var informer = new Informer<Thing>(
            _cluster,
            _store,
            options ?? new InformerOptions(),
            new Random(1),
            _clock,
            NullLogger<Informer<Thing>>.Instance,
            new InformerMetrics(_registry)
        );
        informer.AddHandler(
            (old, current) =>
            {
                lock (_told)
                    _told.Add(current is null ? $"-{old!.Metadata.Name}" : $"+{current.Metadata.Name}");
            }
        );
        return informer;
    }

    private async Task StartAsync(InformerOptions? options = null, InformerSelection<Thing>? selection = null)
    {
        var informer = Make(options, selection);
        _run = informer.RunAsync(_stop.Token);
        // Time moves only where the server says nothing: a clock that runs ahead of the tasks would look like silence.
        if (_cluster.Streams == Streaming.NeverEnds)
            await AdvanceUntilAsync(() => informer.HasSynced, "synced");
        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _cluster.OpenWatches >= 1, "the watch");
    }

    private async Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        await Eventually.True(
            () =>
            {
                if (condition())
                    return true;
                _clock.Advance(TimeSpan.FromSeconds(1));
                return false;
            },
            what
        );

    private string[] Told()
    {
        lock (_told)
            return [.. _told];
    }

    private double Lists(string way) =>
        _registry.ValueOf("informer_lists_total", ("resource", "things.test.dev"), ("view", "whole"), ("way", way));

    private double Ends(string cause) =>
        _registry.ValueOf("informer_watch_ends_total", ("resource", "things.test.dev"), ("view", "whole"), ("cause", cause));

    private double Silence() => _registry.ValueOf("informer_silence_seconds", ("resource", "things.test.dev"), ("view", "whole"));
}
