using System.Text.Json.Nodes;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Storage.Persistence;

namespace Sam.Unit.Tests.DevCluster;

public sealed class StoreLogTests : IDisposable
{
    private static readonly StoreLimits Limits = new(new HistoryLimits(1000, 1 << 20), new WatchLimits(1000, 1 << 20));

    private readonly string _folder = Directory.CreateTempSubdirectory("sam-store-log-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_store_comes_back_as_it_was()
    {
        var (before, version) = Use(store =>
        {
            var first = store.TryAdd("things", Thing("a", 1))!;
            store.TryReplace("things", first, Thing("a", 2));
            var second = store.TryAdd("others", Thing("b", 1))!;
            store.TryAdd("others", Thing("c", 1));
            store.TryRemove("others", second, second.Read());
        });

        var (after, same) = Use(_ => { });

        Assert.Equal(before, after);
        Assert.Equal(["others c", "things a"], after.Keys);
        Assert.Equal(version, same);
    }

    [Fact]
    public void Versions_go_on_and_older_ones_are_gone()
    {
        var (_, last) = Use(store => store.TryAdd("things", Thing("a", 1)));

        using var log = StoreLog.Open(Path);
        var store = new ObjectStore(Limits, log);
        store.Restore(log.Content);
        using var fromLast = store.Watch("things", last);
        var next = store.TryAdd("things", Thing("b", 1))!;

        Assert.Equal(last + 1, next.Version);
        Assert.True(fromLast.TryTake(out var seen));
        Assert.Equal(next.Version, seen.Version);
        Assert.Throws<VersionGoneException>(() => store.Watch("things", last - 1));
        Assert.Throws<VersionGoneException>(() => store.Watch("never-seen", last - 1));
    }

    [Fact]
    public void A_write_that_was_torn_is_forgotten_at_every_byte()
    {
        Use(store => store.TryAdd("things", Thing("a", 1)));
        var whole = File.ReadAllBytes(Path);
        Use(store => store.TryAdd("things", Thing("b", 1)));
        var longer = File.ReadAllBytes(Path);

        for (var length = whole.Length; length < longer.Length; length++)
        {
            File.WriteAllBytes(Path, longer[..length]);

            var (objects, _) = Use(store => store.TryAdd("things", Thing("c", 1)));

            Assert.Equal(["things a", "things c"], objects.Keys);
        }
    }

    [Fact]
    public void Damage_is_refused_with_its_place()
    {
        Use(store =>
        {
            store.TryAdd("things", Thing("a", 1));
            store.TryAdd("things", Thing("b", 1));
        });
        var bytes = File.ReadAllBytes(Path);
        bytes[LogContent.Magic.Length + 40] ^= 1;
        File.WriteAllBytes(Path, bytes);

        var refusal = Assert.Throws<InvalidDataException>(() => StoreLog.Open(Path));

        Assert.Contains("byte 8 is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Somebody_else_s_file_is_left_alone()
    {
        File.WriteAllText(Path, "apiVersion: v1\n");

        Assert.Throws<InvalidDataException>(() => StoreLog.Open(Path));

        Assert.Equal("apiVersion: v1\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Two_clusters_do_not_share_a_file()
    {
        using var log = StoreLog.Open(Path);

        Assert.Throws<IOException>(() => StoreLog.Open(Path));
    }

    [Fact]
    public void What_is_over_is_dropped_while_writes_go_on()
    {
        const int rounds = 3000;
        var (before, version) = Use(
            (store, log) =>
            {
                var thing = store.TryAdd("things", Thing("a", 0))!;
                for (var round = 1; round < rounds; round++)
                {
                    thing = store.TryReplace("things", thing, Thing("a", round))!;
                    // The disk may be slower than the writes: what is over is then kept longer.
                    if (round % 100 == 0)
                        log.Rewriting.Wait(TestContext.Current.CancellationToken);
                }
                store.TryAdd("things", Thing("b", 1));
            },
            slack: 4096
        );

        var size = new FileInfo(Path).Length;
        var (after, same) = Use(_ => { });

        Assert.Equal(before, after);
        Assert.Equal(version, same);
        Assert.True(size < rounds * 10, $"{size} bytes after {rounds} changes");
        Assert.False(File.Exists(Path + ".new"));
    }

    [Fact]
    public void Secrets_stay_and_are_for_their_owner_only()
    {
        using (var log = StoreLog.Open(Path, slack: 0))
        {
            log.GetOrAdd("key", () => [1, 2, 3]);
            log.Rewrite([], 100);
        }

        using var again = StoreLog.Open(Path);

        Assert.Equal([1, 2, 3], again.GetOrAdd("key", () => [9]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    private (SortedDictionary<string, string> Objects, long Version) Use(Action<ObjectStore> work, long slack = 1 << 20) =>
        Use((store, _) => work(store), slack);

    private (SortedDictionary<string, string> Objects, long Version) Use(Action<ObjectStore, StoreLog> work, long slack = 1 << 20)
    {
        using var log = StoreLog.Open(Path, slack);
        var store = new ObjectStore(Limits, log);
        store.Restore(log.Content);
        work(store, log);
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var shelf in new[] { "things", "others" })
        {
            foreach (var stored in store.List(shelf).Objects)
                objects[$"{shelf} {stored.Key}"] = System.Text.Encoding.UTF8.GetString(stored.Json);
        }
        return (objects, store.Version);
    }

    private static JsonObject Thing(string name, int value) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = "uid-" + name },
            ["value"] = value,
        };
}
