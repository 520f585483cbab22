using System.Text.Json.Nodes;
using Sam.DevCluster.Storage;

namespace Sam.Unit.Tests.DevCluster;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new(window: 3);

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
        while (cursor.Changes.TryRead(out var change))
            kinds.Add(change.Kind);

        Assert.Equal([ChangeKind.Modified, ChangeKind.Deleted], kinds);
    }

    private static JsonObject Thing(string name, int value) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["value"] = value,
        };
}
