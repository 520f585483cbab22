using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sam.DevCluster;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>A cluster that keeps its state in a file.</summary>
public sealed class PersistenceTests : IDisposable
{
    private const int Rounds = 5;
    private const int Writers = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("sam-dev-cluster-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DevClusterOptions Options => new() { DataFile = Path.Combine(_folder, "data") };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_acknowledged_write_outlives_the_process_that_is_killed_under_load()
    {
        var acknowledged = new ConcurrentDictionary<string, string>();
        var versions = new ConcurrentBag<long>();
        var random = new Random(11);
        var last = 0L;

        for (var round = 0; round < Rounds; round++)
        {
            await using var process = new DevClusterProcess(_folder, $"--data {Path.Combine(_folder, "data")}");
            using var client = await process.ConnectAsync();
            await CheckAsync(client, acknowledged);
            Assert.True(await VersionAsync(client) >= last);
            var enough = random.Next(40, 200);
            var done = 0;
            var writers = Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(
                        async () =>
                        {
                            for (var index = 0; ; index++)
                            {
                                if (!await WriteAsync(client, $"r{round}-w{writer}-{index % 30}", index, acknowledged, versions))
                                    return;
                                if (Interlocked.Increment(ref done) == enough)
                                    process.Kill();
                            }
                        },
                        Cancel
                    )
                )
                .ToArray();
            await Task.WhenAll(writers);
            last = versions.Max();
        }

        await using var survivor = new DevClusterProcess(_folder, $"--data {Path.Combine(_folder, "data")}");
        using var reader = await survivor.ConnectAsync();
        await CheckAsync(reader, acknowledged);
        Assert.True(acknowledged.Count > Rounds * Writers);
    }

    [Fact]
    public async Task Uids_kubeconfigs_and_custom_resources_stay()
    {
        const string widgets = "/apis/test.dev/v1/namespaces/default/widgets";
        const string widget = """{"apiVersion":"test.dev/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"size":1}}""";
        string kubeconfig,
            token;
        JsonNode before;
        await using (var server = await DevClusterServer.StartAsync(Options, Cancel))
        {
            (kubeconfig, token) = (server.Kubeconfig, server.BearerToken);
            using var client = ClusterClient.Of(server);
            await client.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", WidgetDefinition);
            (_, var made) = await client.SendAsync(HttpMethod.Post, widgets, widget);
            before = made!;
        }

        await using var again = await DevClusterServer.StartAsync(Options with { Port = PortOf(kubeconfig) }, Cancel);
        using var old = new ClusterClient(kubeconfig);
        var (code, after) = await old.SendAsync(HttpMethod.Get, widgets + "/w");

        Assert.Equal(200, code);
        Assert.Equal(before.ToJsonString(), after!.ToJsonString());
        Assert.Equal(kubeconfig, again.Kubeconfig);
        Assert.Equal(token, again.BearerToken);
    }

    [Fact]
    public async Task A_watch_from_before_the_restart_is_expired_and_one_from_the_last_version_goes_on()
    {
        long last;
        await using (var server = await DevClusterServer.StartAsync(Options, Cancel))
        {
            using var client = ClusterClient.Of(server);
            await client.CreateAsync("a");
            await client.CreateAsync("b");
        }

        await using var again = await DevClusterServer.StartAsync(Options, Cancel);
        using var after = ClusterClient.Of(again);
        last = await VersionAsync(after);
        using var old = await after.WatchAsync("resourceVersion=101");
        using var current = await after.WatchAsync($"resourceVersion={last}");
        await after.CreateAsync("c");

        Assert.Contains("\"code\":410", await old.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"c\"", await current.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<bool> WriteAsync(
        ClusterClient client,
        string name,
        int value,
        ConcurrentDictionary<string, string> acknowledged,
        ConcurrentBag<long> versions
    )
    {
        // Large enough that the log is rewritten now and then, so that kills hit that too.
        var text = $"{value} " + new string('x', 20_000);
        try
        {
            var (code, body) = acknowledged.ContainsKey(name)
                ? await client.SendAsync(
                    HttpMethod.Patch,
                    $"{ClusterClient.ConfigMaps}/{name}",
                    $$$"""{"data":{"text":"{{{text}}}"}}""",
                    "application/merge-patch+json"
                )
                : await client.CreateAsync(name, text);
            Assert.InRange(code, 200, 201);
            acknowledged[name] = text;
            versions.Add(long.Parse((string)body!["metadata"]!["resourceVersion"]!));
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return false; // killed: whether this one was written, nobody promised
        }
    }

    private static async Task CheckAsync(ClusterClient client, ConcurrentDictionary<string, string> acknowledged)
    {
        var (_, list) = await client.SendAsync(HttpMethod.Get, ClusterClient.ConfigMaps);
        var found = list!["items"]!
            .AsArray()
            .ToDictionary(item => (string)item!["metadata"]!["name"]!, item => (string?)item!["data"]?["text"]);
        foreach (var (name, text) in acknowledged)
        {
            Assert.True(found.TryGetValue(name, out var kept), $"{name} is lost");
            // The write after it may have been stored without its answer.
            var (asked, stored) = (Number(text), Number(kept!));
            Assert.True(stored == asked || stored == asked + 30, $"{name} was {asked} and is {stored}");
            acknowledged[name] = kept!;
        }
    }

    private static int Number(string text) => int.Parse(text.Split(' ')[0]);

    private static async Task<long> VersionAsync(ClusterClient client)
    {
        var (_, list) = await client.SendAsync(HttpMethod.Get, ClusterClient.ConfigMaps + "?limit=1");
        return long.Parse((string)list!["metadata"]!["resourceVersion"]!);
    }

    private static int PortOf(string kubeconfig) =>
        new Uri(
            kubeconfig.Split('\n').First(line => line.Contains("server:", StringComparison.Ordinal)).Split("server: ")[1]
        ).Port;

    private const string WidgetDefinition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.test.dev"},
        "spec":{"group":"test.dev","scope":"Namespaced","names":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList"},
        "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
        "properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}}]}}
        """;
}
