using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;

namespace Sam.Unit.Tests.Runtime;

public sealed class InformerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(string? Old, string? New)> _told = [];
    private readonly ObjectStore<Thing> _store = new([new("color", thing => [thing.Spec.Color])]);
    private readonly Informer<Thing> _informer;
    private Task _run = Task.CompletedTask;

    public InformerTests() => _informer = Make();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    [Fact]
    public async Task Lists_in_pages_and_is_synced_after_the_last()
    {
        for (var i = 0; i < 1201; i++)
            _cluster.Put(Thing.Path($"t{i:0000}"), Thing.Json($"t{i:0000}"));

        await StartAsync();

        Assert.Equal(1201, _store.List().Count);
        Assert.Equal(3, _cluster.Sent("GET").Count(request => request.Contains("limit=500", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_expired_continuation_is_followed_by_a_list_without_pages()
    {
        for (var i = 0; i < 600; i++)
            _cluster.Put(Thing.Path($"t{i:0000}"), Thing.Json($"t{i:0000}"));
        _cluster.Fault = request =>
            request.Path.Contains("continue=", StringComparison.Ordinal) ? MemoryCluster.Refuse(410, "Expired") : null;

        await StartAsync();

        Assert.Equal(600, _store.List().Count);
    }

    [Fact]
    public async Task Drops_managed_fields_and_finds_by_index_and_namespace()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one", color: "red"));
        _cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b", "blue"));

        await StartAsync();

        Assert.Null(_store.Get("a", "one")!.Metadata.ManagedFields);
        Assert.Equal(["two"], _store.ByIndex("color", "blue").Select(thing => thing.Metadata.Name));
        Assert.Equal(["one"], _store.List("a").Select(thing => thing.Metadata.Name));
        _cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        await Eventually.True(() => _store.ByIndex("color", "blue").Count == 2, "the index follows a change");
        Assert.Empty(_store.ByIndex("color", "red"));
    }

    [Fact]
    public async Task Tells_handlers_what_was_and_what_is()
    {
        await StartAsync();

        _cluster.Put(Thing.Path("one"), Thing.Json("one", color: "red"));
        _cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        _cluster.Remove(Thing.Path("one"));

        await Eventually.True(() => Told().Length == 3, "three changes told");
        Assert.Equal([(null, "red"), ("red", "blue"), ("blue", null)], Told());
    }

    [Fact]
    public async Task An_ended_watch_goes_on_from_the_last_bookmark()
    {
        await StartAsync();
        _cluster.Put("/api/v1/namespaces/a/secrets/other", """{"metadata":{"name":"other","namespace":"a"}}""");
        _cluster.SendBookmarks();
        _clock.Advance(TimeSpan.FromMinutes(1));

        _cluster.EndWatches();
        await Eventually.True(() => Watches() == 2, "a second watch");

        Assert.EndsWith("resourceVersion=101", _cluster.Sent("GET")[^1]);
        Assert.Equal(1, Lists());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_version_that_is_too_old_is_listed_again_and_deletes_are_told(bool asEvent)
    {
        _cluster.Put(Thing.Path("stays"), Thing.Json("stays"));
        _cluster.Put(Thing.Path("goes"), Thing.Json("goes", color: "grey"));
        await StartAsync();
        _cluster.Remove(Thing.Path("goes"), silently: true);
        _cluster.Compact();
        if (asEvent)
            _cluster.SendLine(
                JsonNode.Parse("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""")!.AsObject()
            );
        else
            _cluster.EndWatches();

        await AdvanceUntilAsync(() => _store.List().Count == 1, "the relist");

        Assert.Contains(("grey", null), Told());
        Assert.Equal(2, Lists());
        Assert.Equal(3, Told().Length); // two when it started, one delete; what did not change is not told again
    }

    [Fact]
    public async Task A_silent_watch_is_replaced_and_a_bookmark_counts_as_life()
    {
        await StartAsync();

        _clock.Advance(TimeSpan.FromSeconds(80));
        var before = _store.List().Count;
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await Eventually.True(() => _store.List().Count > before, "a sign of life");
        _clock.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal(1, Watches());

        // The reader may begin to count a moment after the store shows what it read: time goes on until it does.
        await AdvanceUntilAsync(() => Watches() == 2, "a second watch");
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task An_outage_is_waited_out_with_growing_pauses()
    {
        _cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
        _run = _informer.RunAsync(_stop.Token);
        for (var i = 0; i < 600; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(_informer.HasSynced);
        Assert.InRange(_cluster.Sent("GET").Count, 2, 40);
        _cluster.Fault = _ => null;
        await AdvanceUntilAsync(() => _informer.HasSynced, "synced after the outage");
    }

    [Fact]
    public async Task Several_namespaces_are_read_one_by_one()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        _cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b"));
        _cluster.Put(Thing.Path("three", "c"), Thing.Json("three", "c"));
        var informer = Make(new InformerOptions { Namespaces = ["a", "b"], StreamsInitialEvents = false });

        _run = informer.RunAsync(_stop.Token);
        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two"], _store.List().Select(thing => thing.Metadata.Name).Order());
    }

    [Fact]
    public async Task Metadata_of_secrets_is_kept_without_their_data()
    {
        _cluster.Put(
            "/api/v1/namespaces/a/secrets/token",
            """{"metadata":{"name":"token","namespace":"a","labels":{"x":"y"},"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"czNjcjN0\"}}"}},"data":{"k":"czNjcjN0"}}"""
        );
        var store = new ObjectStore<MetadataOf<V1Secret>>([]);
        var informer = new Informer<MetadataOf<V1Secret>>(
            _cluster,
            store,
            new InformerOptions { StreamsInitialEvents = false },
            new Random(1),
            _clock,
            NullLogger<Informer<MetadataOf<V1Secret>>>.Instance
        );

        _run = informer.RunAsync(_stop.Token);
        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);

        var kept = k8s.KubernetesJson.Serialize(store.Get("a", "token"));
        Assert.Contains("\"x\":\"y\"", kept);
        Assert.DoesNotContain("czNjcjN0", kept);
    }

    [Fact]
    public async Task Our_own_write_is_seen_at_once_and_an_older_event_does_not_take_it_back()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        _cluster.WatchesHold = true;
        await StartAsync();
        _cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "foreign");
        var client = new KubernetesResourceClient<Thing>(_cluster, new AlwaysLeader(), [_store]);

        await client.MergePatchAsync("a", "one", """{"spec":{"color":"ours"}}""", null, TestContext.Current.CancellationToken);

        Assert.Equal("ours", _store.Get("a", "one")!.Spec.Color);
        _cluster.ReleaseWatches();
        await Eventually.True(() => Told().Length == 3, "the whole story told");
        Assert.Equal([(null, "red"), ("red", "foreign"), ("foreign", "ours")], Told());
        Assert.Equal("ours", _store.Get("a", "one")!.Spec.Color);
    }

    [Fact]
    public async Task A_late_answer_does_not_bring_back_what_is_deleted()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await StartAsync();
        var late = Copy.Of(_store.Get("a", "one")!);
        _cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        late.Metadata.ResourceVersion = _cluster.Find(Thing.Path("one"))!["metadata"]!["resourceVersion"]!.GetValue<string>();
        _cluster.Remove(Thing.Path("one"));
        await Eventually.True(() => _store.List().Count == 0, "gone from the cache");

        _store.Seen(late);

        Assert.Null(_store.Get("a", "one"));
    }

    private Informer<Thing> Make(InformerOptions? options = null)
    {
        var informer = new Informer<Thing>(
            _cluster,
            _store,
            options ?? new InformerOptions { StreamsInitialEvents = false },
            new Random(1),
            _clock,
            NullLogger<Informer<Thing>>.Instance
        );
        informer.AddHandler(
            (old, current) =>
            {
                lock (_told)
                    _told.Add((old?.Spec.Color, current?.Spec.Color));
            }
        );
        return informer;
    }

    private async Task StartAsync()
    {
        _run = _informer.RunAsync(_stop.Token);
        await _informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _cluster.OpenWatches == 1, "the watch");
    }

    private async Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            what
        );

    private (string? Old, string? New)[] Told()
    {
        lock (_told)
            return [.. _told];
    }

    private int Watches() => _cluster.Sent("GET").Count(request => request.Contains("watch=true", StringComparison.Ordinal));

    private int Lists() => _cluster.Sent("GET").Count(request => request.Contains("limit=", StringComparison.Ordinal));
}
