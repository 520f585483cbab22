using System.Text.Json.Nodes;
using Sam.DevCluster.Storage;

namespace Sam.Unit.Tests.DevCluster;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new(new StoreLimits(new HistoryLimits(3, 1 << 20), new WatchLimits(2, 1 << 20)));

    [Fact]
    public void A_replace_of_a_stale_version_changes_nothing()
    {
        var first = _store.TryAdd("things", Thing("a", 1))!;
        var second = _store.TryReplace("things", first, Thing("a", 2))!;

        var third = _store.TryReplace("things", first, Thing("a", 3));

        Assert.Null(third);
        Assert.Equal(second.Version, _store.Version);
    }

    [Fact]
    public void A_list_at_an_older_version_shows_the_objects_of_that_time()
    {
        var first = _store.TryAdd("things", Thing("a", 1))!;
        _store.TryAdd("things", Thing("b", 1));
        _store.TryRemove("things", first, first.Read());

        var (_, objects) = _store.List("things", first.Version);

        Assert.Equal(["a"], objects.Select(found => found.Name));
    }

    [Fact]
    public void A_watch_from_before_the_window_is_gone()
    {
        var start = _store.TryAdd("things", Thing("a", 0))!.Version;
        for (var index = 0; index < 5; index++)
            _store.TryAdd("things", Thing($"b{index}", index));

        Assert.Throws<VersionGoneException>(() => _store.Watch("things", start));
    }

    [Fact]
    public void A_watch_sees_every_later_change_in_order()
    {
        var start = _store.TryAdd("things", Thing("a", 0))!;
        using var cursor = _store.Watch("things", start.Version);
        var changed = _store.TryReplace("things", start, Thing("a", 1))!;
        _store.TryRemove("things", changed, changed.Read());

        var kinds = new List<ChangeKind>();
        while (cursor.TryTake(out var item))
            kinds.Add(item.Change!.Kind);

        Assert.Equal([ChangeKind.Modified, ChangeKind.Deleted], kinds);
    }

    [Fact]
    public void A_bookmark_comes_after_every_change_up_to_its_version()
    {
        using var cursor = _store.Watch("things", _store.Version);
        var added = _store.TryAdd("things", Thing("a", 0))!;

        _store.Bookmark(cursor);
        cursor.Finish();
        _store.TryAdd("things", Thing("b", 0));

        Assert.True(cursor.TryTake(out var first));
        Assert.True(cursor.TryTake(out var bookmark));
        Assert.False(cursor.TryTake(out _));
        Assert.Equal(added.Version, first.Change?.Version);
        Assert.Equal((null, added.Version), (bookmark.Change, bookmark.Version));
    }

    [Fact]
    public void A_watcher_that_falls_too_far_behind_is_cut()
    {
        using var slow = _store.Watch("things", _store.Version);
        using var fast = _store.Watch("things", _store.Version);

        for (var index = 0; index < 3; index++)
        {
            _store.TryAdd("things", Thing($"a{index}", 0));
            Assert.True(fast.TryTake(out _));
        }

        Assert.True(slow.IsCut.IsCancellationRequested);
        Assert.False(fast.IsCut.IsCancellationRequested);
    }

    [Fact]
    public void A_watch_may_start_with_more_history_than_it_may_fall_behind()
    {
        var start = _store.Version;
        for (var index = 0; index < 3; index++)
            _store.TryAdd("things", Thing($"a{index}", 0));

        using var cursor = _store.Watch("things", start);

        Assert.False(cursor.IsCut.IsCancellationRequested);
    }

    [Fact]
    public void History_is_bounded_by_bytes_too()
    {
        var store = new ObjectStore(new StoreLimits(new HistoryLimits(1000, 4096), new WatchLimits(10, 1 << 20)));
        var start = store.Version;

        for (var index = 0; index < 100; index++)
            store.TryAdd("things", Thing($"a{index}", index));

        Assert.Throws<VersionGoneException>(() => store.Watch("things", start));
        Assert.NotEmpty(store.List("things", store.Version - 10).Objects);
    }

    [Fact]
    public void A_list_of_a_namespace_holds_no_neighbours()
    {
        foreach (var home in new[] { "a", "a-b", "a0", "b" })
        {
            for (var index = 0; index < 3; index++)
                _store.TryAdd("things", Thing($"t{index}", 0, home));
        }

        var (_, objects) = _store.List("things", KeyRange.Of("a", after: "a/t0"));

        Assert.Equal(["a/t1", "a/t2"], objects.Select(found => found.Key));
    }

    [Fact]
    public void Dependents_follow_their_owner_references()
    {
        var owned = Thing("child", 0);
        owned["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["uid"] = "boss" });
        var child = _store.TryAdd("things", owned)!;

        var before = _store.DependentsOf("things", "boss");
        _store.TryReplace("things", child, Thing("child", 1));

        Assert.Equal(["child"], before.Select(found => found.Name));
        Assert.Empty(_store.DependentsOf("things", "boss"));
    }

    private static JsonObject Thing(string name, int value, string home = "") =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = home },
            ["value"] = value,
        };
}
