using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Groups that another server answers for.</summary>
public sealed class ExtensionServerTests : DevClusterTest
{
    private const string Group = "metrics.example.com";

    private const string ApiServices = "/apis/apiregistration.k8s.io/v1/apiservices";

    private readonly ConcurrentQueue<(string Path, IHeaderDictionary Headers, string Certificate)> _seen = new();

    [Fact]
    public async Task Requests_reach_the_extension_server_with_the_users_identity()
    {
        await using var peer = await StartedAsync();

        var answer = await Api.GetAsync(
            $"/apis/{Group}/v1/namespaces/default/readings?limit=5",
            null,
            ("Impersonate-User", "system:admin"),
            ("Impersonate-Group", "system:masters")
        );

        Assert.Equal("ReadingList", answer.Text("kind"));
        var (_, headers, certificate) = _seen.Last(request => request.Path.Contains("readings", StringComparison.Ordinal));
        Assert.Equal("system:admin", headers["X-Remote-User"].ToString());
        Assert.Contains("system:masters", headers["X-Remote-Group"].ToArray());
        Assert.False(headers.ContainsKey("Authorization"));
        Assert.False(headers.ContainsKey("Impersonate-User"));
        Assert.Equal("CN=front-proxy-client", certificate);
    }

    [Fact]
    public async Task Roles_are_asked_before_the_extension_server_is()
    {
        await using var peer = await StartedAsync();

        var answer = await Api.GetAsync($"/apis/{Group}/v1/namespaces/default/readings", headers: ("Impersonate-User", "jane"));

        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain(_seen, request => request.Path.Contains("readings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Discovery_shows_the_group_in_every_form()
    {
        await using var peer = await StartedAsync();

        var groups = await Api.GetAsync("/apis");
        var group = await Api.GetAsync($"/apis/{Group}");
        var list = await Api.GetAsync($"/apis/{Group}/v1");
        var aggregated = await Api.GetAsync(
            "/apis",
            headers: ("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
        );

        Assert.Contains(groups.At("groups")!.AsArray(), found => found!["name"]!.ToString() == Group);
        Assert.Equal($"{Group}/v1", group.Text("preferredVersion", "groupVersion"));
        Assert.Equal("readings", list.At("resources")![0]!["name"]!.ToString());
        var item = aggregated.At("items")!.AsArray().Single(found => found!["metadata"]!["name"]?.ToString() == Group);
        Assert.Equal("readings", item!["versions"]![0]!["resources"]![0]!["resource"]!.ToString());
    }

    [Fact]
    public async Task A_watch_is_passed_on_line_by_line()
    {
        await using var peer = await StartedAsync();

        var lines = new List<string>();
        await foreach (var line in Api.WatchAsync($"/apis/{Group}/v1/readings?watch=true"))
        {
            lines.Add(line["type"]!.ToString());
            if (lines.Count == 2)
                break; // the server would never end it
        }

        Assert.Equal(["ADDED", "MODIFIED"], lines);
    }

    [Fact]
    public async Task A_service_that_nobody_knows_is_not_available()
    {
        await CreateAsync(ApiServices, Definition("caBundle: ''"));

        var service = await Api.UntilAsync($"{ApiServices}/v1.{Group}", answer => answer.At("status", "conditions") is not null);
        var answer = await Api.GetAsync($"/apis/{Group}/v1/readings");

        var condition = service.At("status", "conditions")![0]!;
        Assert.Equal(("False", "ServiceNotFound"), (condition["status"]!.ToString(), condition["reason"]!.ToString()));
        Assert.Equal("service/metrics in \"tools\" is not present", condition["message"]!.ToString());
        Assert.Equal((503, "service unavailable\n"), (answer.Status, answer.Body!.ToString()));
    }

    [Fact]
    public async Task The_clusters_own_groups_have_local_services()
    {
        var service = await Api.UntilAsync($"{ApiServices}/v1.apps", answer => answer.At("status", "conditions") is not null);

        Assert.Equal("Local", service.At("status", "conditions")![0]!["reason"]!.ToString());
    }

    private async Task<HttpsPeer> StartedAsync()
    {
        var peer = await HttpsPeer.StartAsync(AnswerAsync, "metrics.tools.svc");
        Serve("tools", "metrics", peer);
        await CreateAsync(ApiServices, Definition($"caBundle: {peer.Bundle}"));
        await Api.UntilAsync(
            $"{ApiServices}/v1.{Group}",
            answer => answer.At("status", "conditions")?[0]?["status"]?.ToString() == "True"
        );
        return peer;
    }

    private static string Definition(string trust) =>
        $"{{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {{name: v1.{Group}}}, spec: {{group: {Group}, version: v1, groupPriorityMinimum: 100, versionPriority: 100, service: {{namespace: tools, name: metrics}}, {trust}}}}}";

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _seen.Enqueue(
            (
                path,
                new HeaderDictionary(context.Request.Headers.ToDictionary()),
                context.Connection.ClientCertificate?.Subject ?? ""
            )
        );
        if (context.Request.Query.ContainsKey("watch"))
        {
            foreach (var type in new[] { "ADDED", "MODIFIED" })
            {
                await context.Response.WriteAsync($"{{\"type\":\"{type}\",\"object\":{{}}}}\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        var body = path switch
        {
            $"/apis/{Group}/v1" => new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = $"{Group}/v1",
                ["resources"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "readings",
                        ["singularName"] = "reading",
                        ["namespaced"] = true,
                        ["kind"] = "Reading",
                        ["verbs"] = new JsonArray("get", "list", "watch"),
                    }
                ),
            },
            _ when path.EndsWith("/readings", StringComparison.Ordinal) => new JsonObject
            {
                ["kind"] = "ReadingList",
                ["apiVersion"] = $"{Group}/v1",
                ["metadata"] = new JsonObject(),
                ["items"] = new JsonArray(),
            },
            _ => null,
        };
        context.Response.StatusCode = body is null ? 404 : 200;
        await context.Response.WriteAsync(body?.ToJsonString() ?? "404 page not found\n", context.RequestAborted);
    }
}
